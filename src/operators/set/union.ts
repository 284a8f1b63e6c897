// Union: the rows of all inputs, as they come.
import type { OperatorDefinition } from "../operator.js";

export const union: OperatorDefinition<"Union"> = {
	name: "Union",
	create: () => ({
		process: (batch, _input, out) => out.emit(batch),
		dispose: () => {},
	}),
};
