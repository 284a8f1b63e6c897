// Functions by name: system functions before catalog functions, temporary before permanent, as Flink looks them up.
import type { AggregateFunction, ScalarFunction, TableFunction } from "../functions/function.js";
import { aggregateFunction, functionNames, scalarFunction, tableFunction } from "../functions/registry.js";
import type { FunctionImplementation, ObjectPath, UserFunction } from "./catalog-object.js";

const keyOf = (path: readonly string[]) => JSON.stringify(path.map((name) => name.toLowerCase()));

/** Function names do not heed case. */
export class FunctionCatalog {
	readonly #temporary = new Map<string, UserFunction>();
	readonly #permanent = new Map<string, UserFunction>();

	put(definition: UserFunction): void {
		(definition.temporary ? this.#temporary : this.#permanent).set(keyOf(definition.path), definition);
	}

	remove(path: readonly string[], temporary: boolean): boolean {
		return (temporary ? this.#temporary : this.#permanent).delete(keyOf(path));
	}

	find(path: readonly string[], temporary: boolean): UserFunction | undefined {
		return (temporary ? this.#temporary : this.#permanent).get(keyOf(path));
	}

	userFunctions(): UserFunction[] {
		return [...this.#temporary.values(), ...this.#permanent.values()];
	}

	/** The function that a call of `names` means, `path` being its full path; undefined when there is none. */
	resolve(names: readonly string[], path: ObjectPath): FunctionImplementation | UserFunction | undefined {
		if (names.length === 1) {
			const system = this.#temporary.get(keyOf(names));
			if (system !== undefined) return system;
			const builtIn = builtInFunction(names[0] as string);
			if (builtIn !== undefined) return builtIn;
		}
		return this.#temporary.get(keyOf(path)) ?? this.#permanent.get(keyOf(path));
	}

	/** Every name that a call may use, for suggestions and SHOW FUNCTIONS. */
	names(): string[] {
		const user = this.userFunctions().map((definition) => definition.path[definition.path.length - 1] as string);
		return [...new Set([...functionNames(), ...user])];
	}
}

/** A function of the registry as an implementation without `id`. */
export function builtInFunction(name: string): FunctionImplementation | undefined {
	const wanted = name.toUpperCase();
	const scalar: ScalarFunction | undefined = scalarFunction(wanted);
	if (scalar !== undefined) return { kind: "scalar", definition: scalar };
	const aggregate: AggregateFunction | undefined = aggregateFunction(wanted);
	if (aggregate !== undefined) return { kind: "aggregate", definition: aggregate };
	const table: TableFunction | undefined = tableFunction(wanted);
	return table && { kind: "table", definition: table };
}
