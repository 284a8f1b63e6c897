// The user functions of one session: registered ones, classes that CREATE FUNCTION may name, and modules it loads.
import type { FunctionLibrary } from "../../baseline/library.js";
import type { Catalog } from "../../catalog/catalog.js";
import type { UserFunction } from "../../catalog/catalog-object.js";
import { EngineError } from "../../errors.js";
import { loadModule } from "../../runtime/module-loader.js";
import type { UserDefinedFunction } from "./definition.js";
import { type LoadedFunction, loadFunction } from "./implementation.js";

/** Bound calls carry ids, so that jobs keep the function they were planned with. */
export class UserFunctionLibrary implements FunctionLibrary {
	readonly #catalog: Catalog;
	readonly #loaded = new Map<string, LoadedFunction>();
	readonly #classes = new Map<string, UserDefinedFunction>();

	constructor(catalog: Catalog) {
		this.#catalog = catalog;
	}

	/** A temporary system function, in place of any of its name. */
	register(declared: UserDefinedFunction): void {
		this.#put({ path: [declared.name], temporary: true }, declared);
	}

	/** What CREATE FUNCTION … AS 'className' means; functions made before get it too. */
	registerClass(className: string, declared: UserDefinedFunction): void {
		this.#classes.set(className, declared);
		for (const made of this.#catalog.functions.userFunctions()) {
			if (made.source?.className === className) this.#put(made, declared);
		}
	}

	/** Finds the implementations of functions that DDL has made: registered classes, or modules by their path. Those of other
	 * classes stay without: calling them is the error, as in Flink. */
	async loadPending(): Promise<void> {
		for (const made of this.#catalog.functions.userFunctions()) {
			if (made.implementation !== undefined || made.source === undefined) continue;
			const { className } = made.source;
			try {
				const declared = this.#classes.get(className) ?? (await this.#fromModule(className, made));
				if (declared !== undefined) this.#put(made, declared);
			} catch (failure) {
				this.#catalog.functions.remove(made.path, made.temporary);
				throw failure;
			}
		}
	}

	scalar(id: string) {
		return this.#loaded.get(id)?.scalar;
	}

	aggregate(id: string) {
		return this.#loaded.get(id)?.aggregate;
	}

	table(id: string) {
		return this.#loaded.get(id)?.table;
	}

	#put(made: UserFunction, declared: UserDefinedFunction): void {
		const id = `user-${this.#loaded.size + 1}`;
		const loaded = loadFunction(id, made.path[made.path.length - 1]!, declared);
		this.#loaded.set(id, loaded);
		this.#catalog.functions.put({ ...made, implementation: loaded.implementation });
	}

	/** `path/of/module.js`, or `path#name` for an export that is neither the default nor called like the function. */
	async #fromModule(className: string, made: UserFunction): Promise<UserDefinedFunction | undefined> {
		if (!isModule(className)) return undefined;
		const [path, wanted] = className.split("#") as [string, string?];
		const exported = await loadModule(path);
		const name = made.path[made.path.length - 1]!;
		const found = wanted === undefined ? (exported.default ?? exported[name]) : exported[wanted];
		if (isDefinition(found)) return found;
		throw new EngineError("UNKNOWN_FUNCTION", `'${className}' exports no function definition`, {
			expected: wanted ?? `a default export or one called '${name}'`,
			remedy: "Make it with scalarFunction, tableFunction or aggregateFunction",
		});
	}
}

const isModule = (className: string) => /\.[cm]?[jt]s(#\w+)?$/.test(className);

const isDefinition = (value: unknown): value is UserDefinedFunction =>
	typeof value === "object" && value !== null && "kind" in value && "calls" in value;
