// DropUpdateBefore: a retract stream becomes an upsert stream by leaving out -U.

import { takeBatch } from "../../arrow/take.js";
import { RowKind } from "../../types/row-kind.js";
import type { OperatorDefinition } from "../operator.js";

export const dropUpdateBefore: OperatorDefinition<"DropUpdateBefore"> = {
	name: "DropUpdateBefore",
	create: (_spec, { region }) => ({
		process(batch, _input, out) {
			if (batch.kinds === 0) {
				out.emit(batch);
				return;
			}
			const kept = region.arena.allocate(batch.length * 4);
			const count = region.kernels.kindsOtherThan(batch.kinds, batch.length, RowKind.UPDATE_BEFORE, kept);
			if (count === batch.length) out.emit(batch);
			else if (count > 0) out.emit(takeBatch(region, batch, kept, count));
		},
		dispose: () => {},
	}),
};
