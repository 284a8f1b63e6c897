// The frames of one partition that moves forward in time: rows enter at the end, and leave a bounded frame at the front.
import { EngineError } from "../errors.js";
import type { AggregateCall, OverAggregateSpec, OverFrame } from "../job/specs.js";
import type { Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import { Aggregates, argumentsOf, type Group } from "./aggregates.js";
import type { OperatorContext } from "./context.js";

/** What the window functions that go by place need to remember of a partition. */
interface Places {
	rows: number;
	/** Rows before the first of the current time, and how many times there were. */
	rowsBefore: number;
	times: number;
	/** The last rows, the current one at the end. */
	readonly recent: Row[];
}

type PlaceFunction = (places: Places) => Value;

interface CompiledGroup {
	/** How far the frame reaches back from the current row; undefined: to the beginning. */
	readonly reach: number | undefined;
	readonly unit: OverFrame["unit"];
	readonly aggregates: Aggregates;
	readonly calls: readonly (PlaceFunction | number)[];
}

/** The state of one partition. */
export interface RunningWindow {
	readonly groups: readonly { readonly group: Group; readonly frame: (readonly [time: number, row: Row])[] }[];
	readonly places: Places;
}

export class OverWindow {
	readonly #groups: readonly CompiledGroup[];
	/** How many rows LAG looks back. */
	readonly #history: number;

	constructor(spec: OverAggregateSpec, input: Schema, context: OperatorContext) {
		this.#groups = spec.groups.map(({ frame, calls }) => {
			const places = calls.map(placeFunction);
			const running = calls.filter((_, i) => places[i] === undefined);
			let next = 0;
			return {
				reach: reachOf(frame),
				unit: frame.unit,
				aggregates: new Aggregates(running, input, reachOf(frame) === undefined, context),
				calls: places.map((place) => place ?? next++),
			};
		});
		this.#history = Math.max(0, ...spec.groups.flatMap(({ calls }) => calls.map(lagOffset)));
	}

	get isBounded(): boolean {
		return this.#groups.some(({ reach }) => reach !== undefined);
	}

	/** The length of the bounded range, if that is the frame. */
	get range(): number | undefined {
		return this.#groups.find(({ unit, reach }) => unit === "range" && reach !== undefined)?.reach;
	}

	create(): RunningWindow {
		return {
			groups: this.#groups.map(({ aggregates }) => ({ group: aggregates.create(), frame: [] })),
			places: { rows: 0, rowsBefore: 0, times: 0, recent: [] },
		};
	}

	/** Takes in the rows of the next time; the values of the calls for each. */
	advance(window: RunningWindow, time: number, rows: readonly Row[]): Value[][] {
		const aggregated = this.#groups.map((_, g) => this.#advanceGroup(window, g, time, rows));
		const { places } = window;
		places.rowsBefore = places.rows;
		places.times++;
		const valuesOf = (g: number, i: number) =>
			this.#groups[g]!.calls.map((call) => (typeof call === "number" ? aggregated[g]![i]![call]! : call(places)));
		const results = rows.map((row, i) => {
			places.rows++;
			places.recent.push(row);
			if (places.recent.length > this.#history + 1) places.recent.shift();
			return this.#groups.map(({ unit }, g) => (unit === "rows" ? valuesOf(g, i) : []));
		});
		// In a range all rows of one time see the same frame, which ends with the last of them.
		for (const [i, values] of results.entries()) {
			for (const [g, { unit }] of this.#groups.entries()) if (unit === "range") values[g] = valuesOf(g, i);
		}
		return results.map((values) => values.flat());
	}

	#advanceGroup(window: RunningWindow, index: number, time: number, rows: readonly Row[]): Value[][] {
		const { reach, unit } = this.#groups[index]!;
		const { group, frame } = window.groups[index]!;
		const enter = (row: Row) => {
			group.add(row);
			if (reach !== undefined) frame.push([time, row]);
		};
		const leave = () => group.retract(frame.shift()![1]);
		if (unit === "rows") {
			return rows.map((row) => {
				enter(row);
				if (reach !== undefined && frame.length > reach + 1) leave();
				return group.results();
			});
		}
		while (reach !== undefined && frame.length > 0 && frame[0]![0] < time - reach) leave();
		for (const row of rows) enter(row);
		const values = group.results();
		return rows.map(() => values);
	}

	snapshot(window: RunningWindow): unknown {
		const groups = window.groups.map(({ group, frame }) => ({ group: group.snapshot(), frame }));
		return { groups, places: window.places };
	}

	restore(saved: unknown): RunningWindow {
		const { groups, places } = saved as RunningWindow;
		return {
			groups: groups.map(({ group, frame }, i) => ({ group: this.#groups[i]!.aggregates.restore(group), frame })),
			places,
		};
	}
}

function reachOf({ start, end }: OverFrame): number | undefined {
	if (end.kind !== "currentRow") throw unsupported("a frame that ends after the current row");
	if (start.kind === "unboundedPreceding") return undefined;
	if (start.kind === "currentRow") return 0;
	if (start.kind === "preceding") return start.offset;
	throw unsupported("a frame that starts after the current row");
}

function placeFunction(call: AggregateCall): PlaceFunction | undefined {
	switch (call.function) {
		case "ROW_NUMBER":
			return ({ rows }) => BigInt(rows);
		case "RANK":
			return ({ rowsBefore }) => BigInt(rowsBefore + 1);
		case "DENSE_RANK":
			return ({ times }) => BigInt(times);
		case "LAG": {
			const argsOf = argumentsOf(call);
			return ({ recent }) => {
				const [, offset = 1, otherwise = null] = argsOf(recent.at(-1)!);
				const row = recent.at(-1 - Number(offset));
				return row === undefined ? otherwise : (argsOf(row)[0] ?? null);
			};
		}
		case "LEAD":
		case "NTILE":
		case "PERCENT_RANK":
		case "CUME_DIST":
			throw unsupported(call.function);
		default:
			return undefined;
	}
}

function lagOffset(call: AggregateCall): number {
	return call.function === "LAG" ? Number(call.literals?.[1] ?? 1) : 0;
}

function unsupported(what: string): EngineError {
	return new EngineError("UNSUPPORTED", `OVER in a stream cannot compute ${what}`, {
		remedy: "Use SET 'execution.runtime-mode' = 'batch' over bounded input",
	});
}
