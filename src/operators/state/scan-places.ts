// The rows of an index by the places of their keys: those in slots, then those in the array of near keys.
import type { Region } from "../../wasm/region.js";
import type { IndexHeader } from "./index-header.js";
import { cellsOf } from "./near-keys.js";

interface Rows {
	readonly rows: number;
	readonly count: number;
}

/** All rows, up to `n` at a time. Addresses are in the arena until the next step. */
export function* scanPlaces(region: Region, header: IndexHeader, n: number): Generator<Rows> {
	const { kernels } = region;
	const end = () => header.get("slotsEnd");
	yield* scanFrom(region, n, header.get("slots"), end, (from, rows, next) =>
		kernels.slotsRows(header.address, from, n, rows, next),
	);
	if (header.get("near") === 0) return;
	const cells = () => cellsOf(region, header.get("near"));
	yield* scanFrom(region, n, 0, cells, (from, rows, next) => kernels.nearRows(header.get("near"), from, n, rows, next));
}

type Read = (from: number, rows: number, next: number) => number;

/** Rows that `read` finds between `start` and `end`, telling where to go on. */
function* scanFrom(region: Region, n: number, start: number, end: () => number, read: Read): Generator<Rows> {
	const { arena } = region;
	const mark = arena.mark();
	for (let from = start; from < end(); ) {
		const next = arena.allocate(4);
		const rows = arena.allocate(n * 4);
		const count = read(from, rows, next);
		from = region.u32[next >>> 2]!;
		if (count > 0) yield { rows, count };
		arena.release(mark);
	}
}
