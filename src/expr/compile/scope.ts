// Compiles expressions to nodes over one frame. Equal subexpressions become one node. A branch that only some rows reach is compiled in
// a scope below, which takes what the scopes above have computed already from them.
import { EngineError } from "../../errors.js";
import { scalarFunction } from "../../functions/registry.js";
import { type Expr, visit } from "../../types/expr.js";
import type { FunctionContext } from "../../types/function-context.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import { structureTexts } from "../../types/structure-text.js";
import type { Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { UserFunctions } from "../evaluate.js";
import { compileCall } from "./call.js";
import { compileCase } from "./case.js";
import { compileCast } from "./cast.js";
import type { ConstantMemory } from "./constants.js";
import { compileField } from "./field.js";
import { gatherColumn } from "./gather.js";
import { evaluate, type Frame, makeNode, type Node, setValues } from "./node.js";

/** What all scopes of a program share. */
export interface ProgramContext {
	readonly region: Region;
	readonly schema: Schema;
	readonly functions: FunctionContext;
	readonly user: UserFunctions | undefined;
	readonly constants: ConstantMemory;
}

let stamps = 0;

export class Scope {
	readonly program: ProgramContext;
	readonly frame: Frame;
	readonly #parent: Scope | undefined;
	readonly #nodes = new Map<string, Node>();

	constructor(program: ProgramContext, parent?: Scope) {
		this.program = program;
		this.#parent = parent;
		this.frame = {
			region: program.region,
			stamp: 0,
			rows: 0,
			columns: [],
			selection: 0,
			local: 0,
			gathered: { validity: 0, rowIds: 0, bits: 0 },
		};
	}

	/** A scope for rows that only some of this scope's rows reach. */
	below(): Scope {
		return new Scope(this.program, this);
	}

	/** Starts a frame on rows of a batch; `selection` 0: all. */
	open(columns: Frame["columns"], selection: number, rows: number): void {
		const { frame } = this;
		frame.stamp = ++stamps;
		frame.columns = columns;
		frame.selection = selection;
		frame.local = selection;
		frame.rows = rows;
		frame.gathered.rowIds = 0;
	}

	/** Starts a frame on `rows` rows of the scope above, given by their numbers there; 0: all of them. */
	openBelow(local: number, rows: number): void {
		const above = (this.#parent as Scope).frame;
		this.open(above.columns, above.selection, rows);
		this.frame.local = local;
		if (local === 0) return;
		if (above.selection === 0) this.frame.selection = local;
		else {
			const selection = above.region.arena.allocate(rows * 4 + 32);
			above.region.kernels.take4(above.selection, local, rows, selection);
			this.frame.selection = selection;
		}
	}

	compile(expr: Expr): Node {
		const key = isVolatile(expr) ? undefined : expressionKey(expr);
		const known = key === undefined ? undefined : this.#find(key, expr.kind === "column" || expr.kind === "literal");
		const node = known ?? this.#compile(expr);
		if (key !== undefined) this.#nodes.set(key, node);
		return node;
	}

	/** The node of an expression compiled here or, gathered to this scope's rows, above. Columns are gathered straight from the batch. */
	#find(key: string, onlyHere: boolean): Node | undefined {
		const node = this.#nodes.get(key);
		if (node !== undefined || onlyHere || this.#parent === undefined) return node;
		const above = this.#parent.#find(key, false);
		return above && fromAbove(above, this.#parent.frame);
	}

	#compile(expr: Expr): Node {
		switch (expr.kind) {
			case "column":
				return columnNode(expr.index, expr.type);
			case "literal":
				return this.literal(expr.value, expr.type);
			case "call":
				return compileCall(this, expr);
			case "cast":
				return compileCast(this, expr);
			case "case":
				return compileCase(this, expr);
			case "field":
				return compileField(this, expr);
			case "outer":
				throw new EngineError("INTERNAL", "An outer column reached the compiler");
		}
	}

	literal(value: Value, type: SqlType): Node {
		if (value === null) return nullNode(type);
		const node = makeNode(type, [], () => {}, { cost: 0 });
		return { ...node, constant: value, data: this.program.constants.store(value, type) };
	}
}

/** An input column on the frame's rows: itself, or gathered. */
function columnNode(index: number, type: SqlType): Node {
	return makeNode(
		type,
		[],
		(frame, self) => {
			const source = frame.columns[index] as Frame["columns"][number];
			if (frame.selection === 0) {
				setValues(self, source);
				self.validity = source.validity;
			} else gatherColumn(frame, source, frame.selection, self);
			self.same = source.same;
		},
		{ cost: 0 },
	);
}

function fromAbove(above: Node, aboveFrame: Frame): Node {
	if (above.constant !== undefined) return above;
	return makeNode(above.type, [], (frame, self) => {
		evaluate(above, aboveFrame);
		if (frame.local !== 0) gatherColumn(frame, above, frame.local, self);
		else {
			setValues(self, above);
			self.validity = above.validity;
		}
	});
}

function nullNode(type: SqlType): Node {
	const node = makeNode(
		type,
		[],
		(frame, self) => {
			const { arena, kernels } = frame.region;
			const bytes = frame.rows * 16;
			self.data = arena.allocate(bytes);
			kernels.fillBytes(self.data, 0, bytes);
			self.validity = self.data;
		},
		{ cost: 0 },
	);
	return { ...node, constant: null };
}

/** Whether the value may differ between two evaluations for one row. */
function isVolatile(expr: Expr): boolean {
	let found = false;
	visit(expr, (node) => {
		if (node.kind === "call" && (node.user !== undefined || scalarFunction(node.function)?.determinism === "row")) {
			found = true;
		}
	});
	return found;
}

const expressionKey: (expr: Expr) => string = structureTexts();
