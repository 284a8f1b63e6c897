// Aggregate calls, windows and sort keys as EXPLAIN writes them.
import type { AggregateCall, SortKey } from "../job/specs.js";
import type { WindowSpec } from "../job/window.js";
import { literalText } from "./expr-text.js";

export function aggregateText(one: AggregateCall, columns: readonly string[]): string {
	const args = one.args.map((arg, i) => {
		const literal = one.literals?.[i];
		return literal === undefined ? (columns[arg] ?? `$${arg}`) : literalText(literal, one.argTypes[i]!);
	});
	const list = args.length === 0 && one.function === "COUNT" ? "*" : args.join(", ");
	const order = one.orderBy?.length ? ` WITHIN GROUP (${sortText(one.orderBy, columns)})` : "";
	const filter = one.filter === undefined ? "" : ` FILTER ${columns[one.filter] ?? `$${one.filter}`}`;
	return `${one.function}(${one.distinct ? "DISTINCT " : ""}${list})${order}${filter}`;
}

export const sortText = (order: readonly SortKey[], columns: readonly string[]) =>
	order.map(({ column, ascending }) => `${columns[column] ?? `$${column}`} ${ascending ? "ASC" : "DESC"}`).join(", ");

export function windowText(window: WindowSpec, columns: readonly string[]): string {
	const name = (index: number) => columns[index] ?? `$${index}`;
	const shift = "offset" in window && window.offset !== 0 ? `, offset=[${durationText(window.offset)}]` : "";
	const time = `time_col=[${name(window.time)}]`;
	switch (window.kind) {
		case "tumble":
			return `TUMBLE(${time}, size=[${durationText(window.size)}]${shift})`;
		case "hop":
			return `HOP(${time}, size=[${durationText(window.size)}], slide=[${durationText(window.slide)}]${shift})`;
		case "cumulate":
			return `CUMULATE(${time}, max_size=[${durationText(window.size)}], step=[${durationText(window.step)}]${shift})`;
		case "session": {
			const partition =
				window.partition.length === 0 ? "" : `, partition keys=[${window.partition.map(name).join(", ")}]`;
			return `SESSION(${time}, gap=[${durationText(window.gap)}]${partition})`;
		}
		case "attached":
			return `ATTACHED(win_start=[${name(window.start)}], win_end=[${name(window.end)}])`;
	}
}

const UNITS = [
	["d", 86_400_000],
	["h", 3_600_000],
	["min", 60_000],
	["s", 1000],
] as const;

/** Flink's way: the largest unit that divides it, `10 s`, `1 d`. */
export function durationText(ms: number): string {
	const [unit, size] = UNITS.find(([, length]) => ms % length === 0 && ms !== 0) ?? ["ms", 1];
	return `${ms / size} ${unit}`;
}
