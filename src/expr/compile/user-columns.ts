// Calls of user functions that take whole columns. Literals come as columns, too; a NULL argument makes the row NULL.
import { numberArray, readBytes } from "../../arrow/values.js";
import type { ColumnFunction, NumberColumn } from "../../functions/column-function.js";
import type { SqlType } from "../../types/sql-type.js";
import { columnOf } from "./gather.js";
import { allocateValues, allValid, type Frame, makeNode, type Node } from "./node.js";

const COLUMN_FUNCTION_COST = 20;

/** How `castToI64` names the type f64. */
const FROM_F64 = 5;

export function userColumnsNode(args: readonly Node[], type: SqlType, call: ColumnFunction): Node {
	const inputs = args.map(columnOf);
	const run = (frame: Frame, self: Node) => {
		const { region, rows } = frame;
		self.data = allocateValues(frame, 8);
		const isLong = self.physical === "i64";
		const result = isLong ? allocateValues(frame, 8) : self.data;
		const columns = inputs.map((input) =>
			input.physical === "view" ? readBytes(region, input.data, rows) : numberArray(region, input, rows),
		);
		call(
			numberArray(region, { physical: isLong ? "f64" : self.physical, data: result }, rows) as NumberColumn,
			...columns,
		);
		if (isLong) region.kernels.castToI64(FROM_F64, result, rows, self.data);
		self.validity = allValid(frame, inputs);
	};
	return makeNode(type, inputs, run, { canFail: true, cost: COLUMN_FUNCTION_COST });
}
