// The operators that have kernels, by name. Registering one is one line in stateless.ts or stateful.ts; the engine runs the others
// row by row.
import { EngineError } from "../errors.js";
import type { OperatorName, OperatorSpec, SpecOf } from "../job/specs.js";
import type { Operator, OperatorContext, OperatorDefinition, OperatorDefinitions } from "./operator.js";
import { STATELESS } from "./stateless.js";

let stateful: OperatorDefinitions | undefined;

/** Run by the task itself. */
const ENDS: ReadonlySet<OperatorName> = new Set(["Source", "Sink"]);

/** Stateless, so that it runs in any case; or a source or sink. */
export const isSimple = ({ operator }: OperatorSpec): boolean => operator in STATELESS || ENDS.has(operator);

/** To be awaited before `operatorFor` is asked for these; without specs, for any. */
export async function loadOperators(specs?: readonly OperatorSpec[]): Promise<void> {
	if (stateful === undefined && !specs?.every(isSimple)) ({ STATEFUL: stateful } = await import("./stateful.js"));
}

/** The kernel implementation of a spec; undefined where there is none (yet), or the definition declines this spec. */
export function operatorFor(spec: OperatorSpec, context: OperatorContext): Operator | undefined {
	return create(spec, context);
}

function create<N extends OperatorName>(spec: SpecOf<N> & { readonly operator: N }, context: OperatorContext) {
	const definitions: OperatorDefinitions | undefined = isSimple(spec) ? STATELESS : stateful;
	if (!definitions) throw new EngineError("INTERNAL", `${spec.operator} has not been loaded`);
	const definition = definitions[spec.operator] as OperatorDefinition<N> | undefined;
	return definition?.create(spec, context);
}
