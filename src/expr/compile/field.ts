// A field of a ROW, read from the encoding of arrow/nested.ts without decoding the rest.
import { fieldOffset } from "../../arrow/nested.js";
import type { FieldExpr } from "../../types/expr.js";
import type { TypeOf } from "../../types/sql-type.js";
import { columnOf } from "./gather.js";
import { allocateBits, allocateValues, makeNode, type Node, widthOf } from "./node.js";
import type { Scope } from "./scope.js";

export function compileField(scope: Scope, expr: FieldExpr): Node {
	const input = columnOf(scope.compile(expr.input));
	const { fields } = expr.input.type as TypeOf<"ROW">;
	const offset = fieldOffset(fields, expr.index);
	const { rowField } = scope.program.region.kernels;
	return makeNode(
		expr.type,
		[input],
		(frame, self) => {
			const width = widthOf(self);
			self.data = allocateValues(frame, width);
			self.validity = allocateBits(frame);
			const kernelWidth = self.physical === "view" ? 0 : width;
			const args = [input.data, input.validity, expr.index, offset, kernelWidth, frame.rows] as const;
			const nulls = rowField(...args, self.data, self.validity);
			if (nulls === 0) self.validity = 0;
		},
		{ cost: 3 },
	);
}
