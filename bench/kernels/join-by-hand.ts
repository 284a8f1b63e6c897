// Joins of one build row per key as JavaScript does them by hand, over typed arrays and over Map and objects. The answers are those of join-kinds.ts.
import { BATCH_ROWS } from "../../src/arrow/batch.js";
import type { JoinType } from "../../src/job/specs.js";
import type { Variant } from "../measure.js";
import { LongKeyTable } from "./typed-array.js";

/** Which rows a join sends. */
export interface Sent {
	readonly matches: boolean;
	/** Probe rows without a match. */
	readonly probes: boolean;
	/** Build rows without one. */
	readonly builds: boolean;
}

export const sentBy = (type: JoinType): Sent => ({
	matches: type !== "anti",
	probes: type === "left" || type === "full" || type === "anti",
	builds: type === "right" || type === "full",
});

type Keys = BigInt64Array<ArrayBuffer>;

export const joinByHand = (build: Keys, probe: Keys, sent: Sent): Readonly<Record<string, Variant>> => ({
	"typed arrays": { run: () => overArrays(build, probe, sent) },
	idiomatic: { run: () => overObjects(build, probe, sent) },
});

function overArrays(build: Keys, probe: Keys, { matches, probes, builds }: Sent): number {
	const index = new LongKeyTable();
	const [built, asked] = [new Int32Array(build.buffer), new Int32Array(probe.buffer)];
	for (let i = 0; i < build.length; i++) index.find(built[i * 2], built[i * 2 + 1]);
	const batch = new Int32Array(BATCH_ROWS);
	const isMatched = new Uint8Array(builds ? build.length : 0);
	let total = 0;
	for (let i = 0; i < probe.length; i++) {
		const match = index.lookup(asked[i * 2], asked[i * 2 + 1]);
		batch[i % BATCH_ROWS] = match;
		if (match >= 0 ? matches : probes) total += 1 + asked[i * 2];
		if (builds && match >= 0) isMatched[match] = 1;
	}
	for (let i = 0; i < isMatched.length; i++) if (isMatched[i] === 0) total += 1 + built[i * 2];
	return total;
}

function overObjects(build: Keys, probe: Keys, { matches, probes, builds }: Sent): number {
	const index = new Map<bigint, { k: bigint; isMatched: boolean }>();
	for (const k of build) index.set(k, { k, isMatched: false });
	let total = 0;
	const send = (row: { k: bigint | null; b: bigint | null }) => {
		total += 1 + Number(row.k ?? row.b);
	};
	for (const k of probe) {
		const match = index.get(k);
		if (match) match.isMatched = true;
		if (match ? matches : probes) send({ k, b: match?.k ?? null });
	}
	if (builds) for (const { k, isMatched } of index.values()) if (!isMatched) send({ k: null, b: k });
	return total;
}
