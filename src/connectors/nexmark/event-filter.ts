// Which event types a scan's filters leave: conditions on event_type alone are recognised, all others pass everything.
import type { Expr } from "../../types/expr.js";
import { ALL_EVENTS } from "./generator.js";

/** Bit t: rows of type t may satisfy all filters. `typeColumns`: output columns that are event_type. */
export const eventsIn = (filters: readonly Expr[], typeColumns: ReadonlySet<number>): number =>
	filters.reduce((mask, filter) => mask & eventsFor(filter, typeColumns), ALL_EVENTS);

function eventsFor(filter: Expr, typeColumns: ReadonlySet<number>): number {
	if (filter.kind !== "call") return ALL_EVENTS;
	const { args } = filter;
	switch (filter.function) {
		case "AND":
			return eventsIn(args, typeColumns);
		case "OR":
			return args.reduce((mask, arg) => mask | eventsFor(arg, typeColumns), 0);
		case "=":
			return isType(args[0], typeColumns)
				? literalMask(args[1])
				: isType(args[1], typeColumns)
					? literalMask(args[0])
					: ALL_EVENTS;
		case "IN":
			return isType(args[0], typeColumns)
				? args.slice(1).reduce((mask, arg) => mask | literalMask(arg), 0)
				: ALL_EVENTS;
		default:
			return ALL_EVENTS;
	}
}

function isType(expr: Expr | undefined, typeColumns: ReadonlySet<number>): boolean {
	if (expr?.kind === "cast") return isType(expr.input, typeColumns);
	return expr?.kind === "column" && typeColumns.has(expr.index);
}

function literalMask(expr: Expr | undefined): number {
	if (expr?.kind === "cast") return literalMask(expr.input);
	if (expr?.kind !== "literal") return ALL_EVENTS;
	const value = Number(expr.value);
	return expr.value !== null && [0, 1, 2].includes(value) ? 1 << value : 0;
}
