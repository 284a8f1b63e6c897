// OverAggregate of bounded input: all rows are sorted by partition and order at the end, then each gets its results from its place among
// them.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { AggregateCall, OverAggregateSpec, OverFrame } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import { physicalType } from "../../types/value.js";
import type { Operator, OperatorContext, Output, StateReader, StateWriter } from "../operator.js";
import { AllRows } from "../rank/all-rows.js";
import { OrderWords } from "../rank/order-words.js";
import { PlaceFrames, wayOf } from "./place-frames.js";
import { NUMBERING, Places } from "./places.js";

const TABLE = "rows";

/** Gives the results of the next `n` rows of places, from `at` on: one column per call. */
type Evaluation = (at: number, n: number) => readonly Column[];

/** Calls of one kind: it evaluates places. */
interface Part {
	/** Where its results go among those of all calls. */
	readonly targets: readonly number[];
	over(places: Places, all: AllRows): Evaluation;
	dispose?(): void;
}

/** Undefined where there are no kernels. */
export function finalOver(spec: OverAggregateSpec, context: OperatorContext): Operator | undefined {
	const input = context.inputs[0] as Schema;
	const partition = spec.partition.map((column) => ({ column, ascending: true, nullsFirst: true }));
	const keys = OrderWords.withTexts(partition, input);
	const words = OrderWords.withTexts([...partition, ...spec.order], input);
	if (keys === undefined || words === undefined || !spec.groups.every(hasParts)) return undefined;
	return new FinalOver(spec, keys.count, words, context);
}

class FinalOver implements Operator {
	readonly #context: OperatorContext;
	readonly #spec: OverAggregateSpec;
	readonly #parts: readonly Part[];
	readonly #partitionWords: number;
	readonly #words: number;
	readonly #rows: AllRows;

	constructor(spec: OverAggregateSpec, partitionWords: number, words: OrderWords, context: OperatorContext) {
		const { region, owner, inputs } = context;
		this.#context = context;
		this.#spec = spec;
		this.#partitionWords = partitionWords;
		this.#words = words.count;
		this.#rows = new AllRows(region, owner, inputs[0] as Schema, words);
		let target = 0;
		this.#parts = spec.groups.flatMap((group) => {
			const parts = partsOf(group, target, context);
			target += group.calls.length;
			return parts;
		});
	}

	process(batch: Batch): void {
		this.#rows.add(batch);
	}

	finish(_input: number, out: Output): void {
		const { arena, kernels } = this.#context.region;
		const { count, texts } = this.#rows;
		this.#rows.sorted((rows) => {
			for (let from = 0; from < count; ) {
				const mark = arena.mark();
				const least = Math.min(from + BATCH_ROWS, count);
				const to = kernels.placesSpan(rows, least, count, this.#partitionWords, texts.address);
				this.#send(rows + from * 4, to - from, out);
				arena.release(mark);
				from = to;
			}
		});
	}

	snapshot(writer: StateWriter): void {
		writer.table(TABLE, this.#context.inputs[0] as Schema, this.#rows.saved(), this.#spec.partition);
	}

	restore(reader: StateReader): void {
		for (const batch of reader.table(TABLE)) this.#rows.add(batch);
	}

	dispose(): void {
		this.#rows.dispose();
		for (const part of this.#parts) part.dispose?.();
	}

	/** Sends rows of whole partitions. */
	#send(rows: number, count: number, out: Output): void {
		const { region } = this.#context;
		const places = new Places(region, this.#rows, rows, count, this.#partitionWords, this.#words);
		const evaluations = this.#parts.map((part) => part.over(places, this.#rows));
		for (let at = 0; at < count; at += BATCH_ROWS) {
			const mark = region.arena.mark();
			const length = Math.min(BATCH_ROWS, count - at);
			const columns = this.#rows.gather(rows + at * 4, length);
			const width = columns.length;
			for (const [i, evaluate] of evaluations.entries()) {
				const results = evaluate(at, length);
				for (const [j, target] of this.#parts[i]!.targets.entries()) columns[width + target] = results[j]!;
			}
			out.emit({ length, columns, kinds: 0 });
			region.arena.release(mark);
		}
	}
}

interface OverGroup {
	readonly frame: OverFrame;
	readonly calls: readonly AggregateCall[];
}

const isPlaced = ({ function: name }: AggregateCall) =>
	NUMBERING[name] !== undefined || name === "LAG" || name === "LEAD";

function hasParts({ frame, calls }: OverGroup): boolean {
	const framed = calls.filter((call) => !isPlaced(call));
	const isKnown = calls.every(
		(call) => !isPlaced(call) || NUMBERING[call.function] !== undefined || shiftOf(call) !== undefined,
	);
	return isKnown && (framed.length === 0 || wayOf(frame, framed) !== undefined);
}

/** `first`: where the group's results begin. */
function partsOf({ frame, calls }: OverGroup, first: number, context: OperatorContext): Part[] {
	const parts: Part[] = [];
	const framed = [...calls.keys()].filter((i) => !isPlaced(calls[i]!));
	for (const [i, call] of calls.entries()) if (isPlaced(call)) parts.push({ targets: [first + i], over: placed(call) });
	if (framed.length === 0) return parts;
	const own = framed.map((i) => calls[i]!);
	const frames = new PlaceFrames(frame, own, wayOf(frame, own)!, context);
	parts.push({
		targets: framed.map((i) => first + i),
		over: (places, all) => frames.over(places, all),
		dispose: () => frames.dispose(),
	});
	return parts;
}

/** A function of a row's place. */
function placed(call: AggregateCall): Part["over"] {
	const { function: name, args } = call;
	if (NUMBERING[name] !== undefined) {
		return (places) => {
			const ranks = places.ranks(name);
			return (at) => [places.rankColumn(ranks, at)];
		};
	}
	const shift = shiftOf(call)!;
	return (places) => (at, n) => {
		const { physical, data, validity } = places.shifted(args[0]!, shift, at, n);
		return [{ type: call.type, physical, data, validity }];
	};
}

/** How many rows further LAG and LEAD look; undefined where that is no constant, or there is a default. */
function shiftOf({ function: name, argTypes, literals = [], type }: AggregateCall): number | undefined {
	if (argTypes.length > 2 || literals[0] !== undefined) return undefined;
	if (physicalType(argTypes[0]!) !== physicalType(type)) return undefined;
	const offset = argTypes.length === 1 ? 1 : literals[1];
	if (typeof offset !== "number" && typeof offset !== "bigint") return undefined;
	return name === "LAG" ? -Number(offset) : Number(offset);
}
