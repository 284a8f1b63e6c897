// Three-valued logic. AND and OR take any number of operands; the evaluator short-circuits them itself.
import { BOOLEAN, notNull } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { type Definition, family, TRUTH } from "../define.js";

/** The operand that decides alone: FALSE for AND, TRUE for OR. */
const decidedBy =
	(decisive: boolean) =>
	(...operands: Value[]) => {
		let unknown = false;
		for (const operand of operands) {
			if (operand === decisive) return decisive;
			if (operand === null) unknown = true;
		}
		return unknown ? null : !decisive;
	};

const truthTest = (name: string, wanted: boolean, negated: boolean): Definition => ({
	name,
	signatures: `boolean ${name} -> BOOLEAN NOT NULL`,
	doc: `Whether a BOOLEAN is ${negated ? "not " : ""}${wanted ? "TRUE" : "FALSE"}; NULL counts as neither.`,
	example: `(${wanted !== negated ? "TRUE" : "FALSE"} ${name}) = TRUE`,
	nulls: "custom",
	parameters: [TRUTH],
	result: notNull(BOOLEAN),
	nullable: false,
	run: (value) => (value === wanted) !== negated,
});

export const logicalFunctions = family("logical", [
	{
		name: "AND",
		signatures: "boolean AND boolean -> BOOLEAN",
		doc: "TRUE when all operands are; FALSE when one is FALSE; else NULL.",
		example: "(TRUE AND FALSE) = FALSE",
		nulls: "custom",
		parameters: [TRUTH],
		rest: TRUTH,
		result: BOOLEAN,
		run: decidedBy(false),
	},
	{
		name: "OR",
		signatures: "boolean OR boolean -> BOOLEAN",
		doc: "TRUE when an operand is; FALSE when all are FALSE; else NULL.",
		example: "(TRUE OR FALSE) = TRUE",
		nulls: "custom",
		parameters: [TRUTH],
		rest: TRUTH,
		result: BOOLEAN,
		run: decidedBy(true),
	},
	{
		name: "NOT",
		signatures: "NOT boolean -> BOOLEAN",
		doc: "The opposite; NULL stays NULL.",
		example: "(NOT TRUE) = FALSE",
		parameters: [TRUTH],
		result: BOOLEAN,
		run: (value) => !value,
	},
	truthTest("IS TRUE", true, false),
	truthTest("IS NOT TRUE", true, true),
	truthTest("IS FALSE", false, false),
	truthTest("IS NOT FALSE", false, true),
]);
