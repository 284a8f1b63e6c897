// A user's function as the planner and the operators know functions: types resolved, values converted, errors with their arguments.
import type { FunctionImplementation } from "../../catalog/catalog-object.js";
import { EngineError, thrownText } from "../../errors.js";
import type { UserScalar } from "../../expr/evaluate.js";
import { type ColumnFunction, isColumnArgument, isColumnResult } from "../../functions/column-function.js";
import type { Argument, RowAccumulator, ScalarImplementation } from "../../functions/function.js";
import { canCastImplicitly } from "../../types/cast.js";
import { notNull, type SqlType, withNullability, withoutAttribute } from "../../types/sql-type.js";
import type { Row, Value } from "../../types/value.js";
import { valueText } from "../../types/value-text.js";
import { type InputReader, inputReader, rowReader } from "../public-input.js";
import { publicReader } from "../public-values.js";
import type { FunctionCalls, UserDefinedFunction } from "./definition.js";

export type TableImplementation = (...args: Value[]) => Iterable<Row>;

/** A registered function: `implementation` for the planner, the rest for operators. */
export interface LoadedFunction {
	readonly implementation: FunctionImplementation;
	readonly scalar?: UserScalar;
	readonly table?: TableImplementation;
	readonly aggregate?: () => RowAccumulator;
}

/** The declared types, read. */
export interface FunctionTypes {
	readonly parameters: readonly SqlType[];
	readonly returns: SqlType;
}

/** `id`: what bound calls carry. `name`: what SQL calls it. */
export function loadFunction(
	id: string,
	name: string,
	declared: UserDefinedFunction,
	types: FunctionTypes,
): LoadedFunction {
	const call = new UserCall(name, declared, types);
	const common = {
		name: name.toUpperCase(),
		family: "user",
		signatures: [call.signature],
		doc: declared.doc,
		example: "",
	};
	switch (declared.kind) {
		case "scalar": {
			const definition = {
				...common,
				nulls: "custom" as const,
				resolve: (args: readonly Argument[]) => call.resolve(args, declared.strict),
				implement: () => call.scalar(),
			};
			const scalar = Object.assign(call.scalar(), { columns: call.columns() });
			return { implementation: { kind: "scalar", id, definition }, scalar };
		}
		case "aggregate": {
			const create = () => call.accumulator();
			const definition = { ...common, resolve: (args: readonly Argument[]) => call.resolve(args, false), create };
			return { implementation: { kind: "aggregate", id, definition }, aggregate: create };
		}
		case "table": {
			const row = notNull(call.rowType());
			const resolve = (args: readonly Argument[]) => {
				const resolution = call.resolve(args, false);
				return resolution && { parameters: resolution.parameters, row };
			};
			const definition = { ...common, resolve, implement: () => call.table() };
			return { implementation: { kind: "table", id, definition }, table: call.table() };
		}
	}
}

class UserCall {
	readonly signature: string;
	readonly #name: string;
	readonly #strict: boolean;
	readonly #calls: FunctionCalls;
	readonly #parameters: readonly SqlType[];
	readonly #result: SqlType;
	readonly #readers: readonly ((value: Value) => unknown)[];

	constructor(name: string, { kind, parameters, returns, strict, calls }: UserDefinedFunction, types: FunctionTypes) {
		this.#name = name;
		this.#strict = strict;
		this.#calls = calls;
		this.#parameters = types.parameters;
		this.#result = types.returns;
		this.#readers = this.#parameters.map(publicReader);
		this.signature = `${name}(${parameters.join(", ")}) -> ${returns}`;
		for (const needed of NEEDED[kind]) {
			if (typeof calls[needed] === "function") continue;
			throw new EngineError("INVALID_ARGUMENT", `function ${name} has no ${needed}`, {
				expected: `${NEEDED[kind].join(", ")} in the definition of a ${kind} function`,
			});
		}
	}

	resolve(args: readonly Argument[], nullsPass: boolean) {
		if (args.length !== this.#parameters.length) return undefined;
		const fits = args.every(
			({ type }, i) => type.kind === "NULL" || canCastImplicitly(withoutAttribute(type), this.#parameters[i]!),
		);
		if (!fits) return undefined;
		const parameters = this.#parameters.map((type, i) => withNullability(type, args[i]!.type.nullable));
		const mayBeNull = this.#result.nullable || (nullsPass && args.some(({ type }) => type.nullable));
		return { parameters, result: withNullability(this.#result, mayBeNull) };
	}

	/** Called per row: functions of one and two arguments are called without building lists. */
	scalar(): ScalarImplementation {
		const read = this.#resultReader();
		const calls = this.#calls;
		const strict = this.#strict;
		const [first, second] = this.#readers;
		if (this.#readers.length === 1) {
			return (value) => {
				if (strict && value === null) return null;
				try {
					return read(calls.eval!(first!(value!)));
				} catch (cause) {
					throw this.#failure([value!], cause);
				}
			};
		}
		if (this.#readers.length === 2) {
			return (left, right) => {
				if (strict && (left === null || right === null)) return null;
				try {
					return read(calls.eval!(first!(left!), second!(right!)));
				} catch (cause) {
					throw this.#failure([left!, right!], cause);
				}
			};
		}
		return (...args) => {
			if (this.#isSkipped(args)) return null;
			return this.#guarded(args, () => read(calls.eval!(...this.#public(args))));
		};
	}

	/** Called once per batch, where the function is defined for columns. */
	columns(): ColumnFunction | undefined {
		const { evalColumns } = this.#calls;
		if (evalColumns === undefined) return undefined;
		if (!this.#strict || !isColumnResult(this.#result) || !this.#parameters.every(isColumnArgument)) {
			throw new EngineError("INVALID_ARGUMENT", `function ${this.#name} cannot have evalColumns`, {
				expected: "a strict function of numbers, BOOLEAN, texts and binaries that gives a number",
				remedy: "Leave it out: eval does",
			});
		}
		return (result, ...args) => {
			try {
				evalColumns.call(this.#calls, result, ...args);
			} catch (cause) {
				const problem = thrownText(cause);
				throw new EngineError("USER_FUNCTION", `${this.#name} failed for columns: ${problem}`, { cause });
			}
		};
	}

	rowType(): SqlType {
		const result = this.#result;
		return result.kind === "ROW"
			? result
			: { kind: "ROW", fields: [{ name: "EXPR$0", type: result }], nullable: false };
	}

	table(): TableImplementation {
		const result = this.#result;
		const what = `a row of ${this.#name}`;
		const single = inputReader(result, what);
		const read = result.kind === "ROW" ? rowReader(result.fields, what) : (value: unknown): Row => [single(value)];
		return (...args) => {
			if (this.#isSkipped(args)) return [];
			return this.#guarded(args, () => Array.from(this.#calls.eval!(...this.#public(args)) as Iterable<unknown>, read));
		};
	}

	accumulator(): RowAccumulator {
		const calls = this.#calls;
		const read = this.#resultReader();
		let state = calls.createAccumulator!();
		const step = (method: "accumulate" | "retract", args: readonly Value[]) => {
			if (this.#isSkipped(args)) return;
			this.#guarded(args, () => {
				const call = calls[method];
				if (call === undefined) throw this.#cannotRetract();
				call.call(calls, state, ...this.#public(args));
			});
		};
		return {
			add: (args) => step("accumulate", args),
			retract: (args) => step("retract", args),
			result: () => this.#guarded([], () => read(calls.getValue!(state))),
			snapshot: () => structuredClone(state),
			restore: (saved) => {
				state = structuredClone(saved as object);
			},
			fresh: () => this.accumulator(),
		};
	}

	#resultReader(): InputReader {
		return inputReader(this.#result, `the result of ${this.#name}`);
	}

	#isSkipped(args: readonly Value[]): boolean {
		return this.#strict && args.includes(null);
	}

	#public(args: readonly Value[]): unknown[] {
		return args.map((value, i) => this.#readers[i]!(value));
	}

	#guarded<T>(args: readonly Value[], work: () => T): T {
		try {
			return work();
		} catch (cause) {
			throw this.#failure(args, cause);
		}
	}

	/** What a user's function throws says with which arguments; the operator adds the row. */
	#failure(args: readonly Value[], cause: unknown): EngineError {
		if (cause instanceof EngineError && cause.code === "USER_FUNCTION") return cause;
		const shown = args.map((value, i) => shortText(value, this.#parameters[i]!)).join(", ");
		const message = cause instanceof EngineError ? cause.problem : thrownText(cause);
		const expected = cause instanceof EngineError ? cause.expected : undefined;
		return new EngineError("USER_FUNCTION", `${this.#name}(${shown}) failed: ${message}`, {
			...(expected !== undefined && { expected }),
			cause,
		});
	}

	#cannotRetract(): EngineError {
		return new EngineError("USER_FUNCTION", `${this.#name} cannot take rows back`, {
			remedy: "Its input is updated: define `retract`",
		});
	}
}

const NEEDED = {
	scalar: ["eval"],
	table: ["eval"],
	aggregate: ["createAccumulator", "accumulate", "getValue"],
} as const;

function shortText(value: Value, type: SqlType): string {
	const text = valueText(value, type);
	const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
	return typeof value === "string" ? `'${shown}'` : shown;
}
