// The clauses of the JSON functions as arguments: symbols such as `NULL ON EMPTY` after the values, DEFAULT and RETURNING
// followed by their operand (RETURNING by a NULL of the type).
import type { SqlType } from "../../types/sql-type.js";
import type { Argument } from "../function.js";

export interface Clause {
	/** What stands before ` ON EMPTY`, e.g. `EMPTY ARRAY`; empty where the clause has no words of its own. */
	readonly behavior: string;
	/** The argument that follows DEFAULT. */
	readonly argument: number | undefined;
}

export interface Clauses {
	/** How many arguments stand before the clauses. */
	readonly values: number;
	readonly returning: SqlType | undefined;
	/** WITHOUT, CONDITIONAL or UNCONDITIONAL. */
	readonly wrapper: string;
	readonly onEmpty: Clause;
	readonly onError: Clause;
	readonly onNull: string | undefined;
}

const NULL_CLAUSE: Clause = { behavior: "NULL", argument: undefined };

export function clausesOf(args: readonly Argument[], defaults: { readonly onError?: string } = {}): Clauses {
	const isSymbol = (arg: Argument) => arg.type.kind === "SYMBOL";
	const first = args.findIndex(isSymbol);
	const values = first < 0 ? args.length : first;
	let returning: SqlType | undefined;
	let wrapper = "WITHOUT";
	let onEmpty = NULL_CLAUSE;
	let onError: Clause = { behavior: defaults.onError ?? "NULL", argument: undefined };
	let onNull: string | undefined;
	for (let i = values; i < args.length; i++) {
		const arg = args[i] as Argument;
		if (!isSymbol(arg)) continue;
		const [behavior = "", event] = String(arg.literal).split(" ON ");
		const clause: Clause = { behavior, argument: behavior === "DEFAULT" ? i + 1 : undefined };
		if (event === "EMPTY") onEmpty = clause;
		else if (event === "ERROR") onError = clause;
		else if (event === "NULL") onNull = behavior;
		else if (behavior === "RETURNING") returning = args[i + 1]?.type;
		else wrapper = behavior.replace(" WRAPPER", "");
	}
	return { values, returning, wrapper, onEmpty, onError, onNull };
}
