// What expressions are compiled to: nodes, each of which computes one column per frame. A frame is the set of rows that a part of an
// expression is evaluated on: a batch, its selected rows, or the rows that reach a branch of CASE.
import type { Column } from "../../arrow/batch.js";
import { NarrowValues } from "../../arrow/narrow.js";
import type { SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, physicalType, type Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { ValueWidth } from "../../wasm/width-kernels.js";

/** Rows under evaluation. Columns of nodes are dense: value i belongs to the frame's row i. */
export interface Frame {
	readonly region: Region;
	/** Counts up with every new set of rows, over all frames; tells nodes that their result is of an earlier one. */
	stamp: number;
	rows: number;
	/** The input's columns, of all rows of the batch. */
	columns: readonly Column[];
	/** Row numbers in the batch (u32 each); 0: the frame is the whole batch. */
	selection: number;
	/** Row numbers in the enclosing frame; 0 in the outermost frame, or when the frame is all of the enclosing one. */
	local: number;
	/** The last bitmap gathered for this frame: columns of one ROW share theirs. */
	readonly gathered: { validity: number; rowIds: number; bits: number };
}

export interface Node {
	readonly type: SqlType;
	readonly physical: PhysicalType;
	/** Whether evaluation may throw for some value, so that only rows that reach the expression may be evaluated. */
	readonly canFail: boolean;
	/** Rough cost per row; 1 is a SIMD operation. */
	readonly cost: number;
	/** A literal's value: `data` is then the address of one value for all rows, if the node is not `null`. */
	readonly constant: Value | undefined;
	/** Column of the last frame; valid when `stamp` is the frame's. */
	data: number;
	validity: number;
	/** Of the last frame, as Column.same. */
	same?: boolean | undefined;
	/** In place of `data`, for 128-bit values that fit 64 bits. */
	narrow?: NarrowValues | undefined;
	stamp: number;
	/** Sets `data` and `validity`. Only `evaluate` calls it. */
	readonly run: (frame: Frame, self: Node) => void;
}

export function evaluate(node: Node, frame: Frame): void {
	if (node.stamp === frame.stamp) return;
	node.run(frame, node);
	node.stamp = frame.stamp;
}

export interface NodeOptions {
	readonly canFail?: boolean;
	readonly cost?: number;
}

/** A node over `inputs`, which it evaluates first. */
export function makeNode(
	type: SqlType,
	inputs: readonly Node[],
	run: (frame: Frame, self: Node) => void,
	{ canFail = false, cost = 1 }: NodeOptions = {},
): Node {
	const physical = physicalType(type);
	const node: Node = {
		type,
		physical,
		canFail: canFail || inputs.some((input) => input.canFail),
		cost: inputs.reduce((sum, input) => sum + input.cost, cost),
		constant: undefined,
		data: 0,
		validity: 0,
		same: false,
		stamp: -1,
		run: (frame: Frame, self: Node) => {
			for (const input of inputs) evaluate(input, frame);
			run(frame, self);
		},
	};
	return physical === "i128" ? Object.assign(new WideNode(), node) : node;
}

/** Values of 128 bits: those given last, as `data` or as `narrow`. */
class WideNode {
	#data = 0;
	#narrow: NarrowValues | undefined;

	get data(): number {
		return this.#narrow ? this.#narrow.wide : this.#data;
	}

	set data(address: number) {
		this.#data = address;
		this.#narrow = undefined;
	}

	get narrow(): NarrowValues | undefined {
		return this.#narrow;
	}

	set narrow(values: NarrowValues | undefined) {
		this.#narrow = values;
	}
}

/** Gives a 128-bit node values of 64 bits. */
export function setNarrow(frame: Frame, self: Pick<Node, "narrow">, data: number, bits: number): void {
	self.narrow = new NarrowValues(frame.region, frame.rows, data, bits);
}

/** The values of another column, in the width it has them. */
export function setValues(self: Pick<Node, "data" | "narrow">, source: Pick<Column, "data" | "narrow">): void {
	if (source.narrow) self.narrow = source.narrow;
	else self.data = source.data;
}

/** The same column under another type of the same layout. */
export const retyped = (input: Node, type: SqlType): Node =>
	makeNode(
		type,
		[input],
		(_, self) => {
			setValues(self, input);
			self.validity = input.validity;
		},
		{ cost: 0 },
	);

export const isConstant = (node: Node): boolean => node.constant !== undefined && node.constant !== null;

export const widthOf = (node: Node): ValueWidth => PHYSICAL_WIDTH[node.physical];

/** Memory for a result of the frame: `rows` values, or a bitmap. Kernels may write whole 16-byte lanes. */
export const allocateValues = (frame: Frame, width: number): number => frame.region.arena.allocate(frame.rows * width);
export const allocateMask = (frame: Frame): number => frame.region.arena.allocate(frame.rows);
export const allocateBits = (frame: Frame): number => frame.region.arena.allocate((frame.rows + 7) >>> 3);
export const allocateRowIds = (frame: Frame, rows = frame.rows): number => frame.region.arena.allocate(rows * 4 + 32);

/** The bitmap of rows in which both inputs are not NULL; 0: all. */
export function bothValid(frame: Frame, left: number, right: number): number {
	if (left === 0 || left === right) return right;
	if (right === 0) return left;
	const bits = allocateBits(frame);
	frame.region.kernels.andBits(left, right, frame.rows, bits);
	return bits;
}

/** The bitmap of rows in which no input is NULL. */
export function allValid(frame: Frame, inputs: readonly Node[]): number {
	let bits = 0;
	for (const input of inputs) bits = bothValid(frame, bits, input.validity);
	return bits;
}

/** A copy of a bitmap (0: all ones) to clear bits in. */
export function writableBits(frame: Frame, validity: number): number {
	const bits = allocateBits(frame);
	const { kernels } = frame.region;
	const bytes = (frame.rows + 7) >>> 3;
	if (validity === 0) kernels.fillBytes(bits, 255, bytes);
	else kernels.copyBytes(bits, validity, bytes);
	return bits;
}

/** A mask of the rows in which a BOOLEAN node is TRUE. */
export function trueMask(frame: Frame, node: Node): number {
	if (node.validity === 0) return node.data;
	const mask = allocateMask(frame);
	frame.region.kernels.maskAndBits(node.data, node.validity, frame.rows, mask);
	return mask;
}

/** The row of the batch that row `row` of the frame is. */
export const batchRow = (frame: Frame, row: number): number =>
	frame.selection === 0 ? row : (frame.region.u32[frame.selection / 4 + row] as number);

/** How operands are passed to kernels that take constants. */
export const Mode = { COLUMNS: 0, RIGHT_CONSTANT: 1, LEFT_CONSTANT: 2 } as const;
