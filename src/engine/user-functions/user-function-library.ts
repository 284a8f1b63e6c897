// The user functions of one session: registered ones, classes that CREATE FUNCTION may name, and modules it loads.
import type { FunctionLibrary } from "../../baseline/library.js";
import type { Catalog } from "../../catalog/catalog.js";
import type { UserFunction } from "../../catalog/catalog-object.js";
import { sqlType } from "../../catalog/data-type.js";
import type { FunctionModule } from "../../runtime/slot-task.js";
import { parseType } from "../../sql/parse.js";
import type { UserDefinedFunction } from "./definition.js";
import { definitionIn, isModule } from "./function-module.js";
import { type LoadedFunction, loadFunction } from "./implementation.js";

/** Bound calls carry ids, so that jobs keep the function they were planned with. */
export class UserFunctionLibrary implements FunctionLibrary {
	readonly #catalog: Catalog;
	readonly #loaded = new Map<string, LoadedFunction>();
	readonly #modules = new Map<string, FunctionModule>();
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
				const registered = this.#classes.get(className);
				if (registered !== undefined) this.#put(made, registered);
				else if (isModule(className)) this.#put(made, await definitionIn(className, made.path.at(-1)!), className);
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

	/** How a worker finds a function; undefined for those that are objects of this thread. */
	module(id: string): FunctionModule | undefined {
		return this.#modules.get(id);
	}

	/** `module`: where it was loaded from. */
	#put(made: UserFunction, declared: UserDefinedFunction, module?: string): void {
		const id = `user-${this.#loaded.size + 1}`;
		const name = made.path.at(-1)!;
		const parameters = declared.parameters.map((text) => sqlType(parseType(text)));
		const returns = sqlType(parseType(declared.returns));
		const loaded = loadFunction(id, name, declared, { parameters, returns });
		this.#loaded.set(id, loaded);
		if (module !== undefined) this.#modules.set(id, { id, name, parameters, returns, module });
		this.#catalog.functions.put({ ...made, implementation: loaded.implementation });
	}
}
