// Operators that keep nothing between batches: small, and in nearly every job.
import { calc } from "./calc.js";
import { expand } from "./expand.js";
import type { OperatorDefinitions } from "./operator.js";
import { dropUpdateBefore } from "./set/drop-update-before.js";
import { union } from "./set/union.js";
import { values } from "./set/values.js";

export const STATELESS = {
	Calc: calc,
	DropUpdateBefore: dropUpdateBefore,
	Expand: expand,
	Union: union,
	Values: values,
} satisfies OperatorDefinitions;
