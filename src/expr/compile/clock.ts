// Functions that read the clock: the rows of a frame are processed at one moment, so the clock is read once for all of them.

import { writeFixed } from "../../arrow/fixed.js";
import { scalarFunction } from "../../functions/registry.js";
import type { CallExpr } from "../../types/expr.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import { repeatedValue } from "./gather.js";
import { makeNode, type Node } from "./node.js";
import type { Scope } from "./scope.js";

const CONSTANT_BYTES = 16;

export function compileClock(scope: Scope, expr: CallExpr): Node | undefined {
	const read = scalarFunction(expr.function)?.implement({
		args: [],
		result: expr.type,
		context: scope.program.functions,
	});
	if (read === undefined || expr.args.length > 0) return undefined;
	const width = PHYSICAL_WIDTH[physicalType(expr.type)];
	const moment = scope.program.constants.allocate(CONSTANT_BYTES);
	return makeNode(expr.type, [], (frame, self) => {
		writeFixed(frame.region.data, moment, read(), expr.type);
		self.data = repeatedValue(frame, moment, width);
		self.same = true;
	});
}
