// Columns by rows: gathered, scattered, repeated. The kernel is chosen by the width of a value.
import { PHYSICAL_WIDTH, type PhysicalType } from "../../types/value.js";
import type { Kernels } from "../../wasm/kernels.js";
import { allocateValues, type Frame, isConstant, makeNode, type Node, widthOf } from "./node.js";

const GATHER = { 1: "gather1", 2: "gather2", 4: "gather4", 8: "gather8", 16: "gather16" } as const;
const SCATTER = { 1: "scatter1", 2: "scatter2", 4: "scatter4", 8: "scatter8", 16: "scatter16" } as const;

type Width = keyof typeof GATHER;

/** Copies `rows` values of `width` bytes, chosen by row number. */
export function gatherValues(kernels: Kernels, width: number, from: number, rowIds: number, rows: number, to: number) {
	kernels[GATHER[width as Width]](from, rowIds, rows, to);
}

interface Buffers {
	data: number;
	validity: number;
}

/** The frame's rows of a longer column. */
export function gatherColumn(
	frame: Frame,
	source: Readonly<Buffers>,
	physical: PhysicalType,
	rowIds: number,
	target: Buffers,
): void {
	const { kernels, arena } = frame.region;
	const width = PHYSICAL_WIDTH[physical];
	target.data = allocateValues(frame, width);
	gatherValues(kernels, width, source.data, rowIds, frame.rows, target.data);
	target.validity = 0;
	if (source.validity === 0) return;
	target.validity = arena.allocate((frame.rows + 7) >>> 3);
	kernels.gatherBits(source.validity, rowIds, frame.rows, target.validity);
}

/** Writes a node's column of a frame into rows of a longer one. `targetBits` 0: the node has no NULLs there. */
export function scatterColumn(frame: Frame, node: Node, rowIds: number, target: number, targetBits: number): void {
	const { kernels } = frame.region;
	const width = widthOf(node) as Width;
	kernels[SCATTER[width]](node.data, isConstant(node) ? 1 : 0, rowIds, frame.rows, target);
	if (targetBits !== 0) kernels.scatterBits(node.validity, rowIds, frame.rows, targetBits);
}

/** The node's values as a full column: constants are repeated. */
export function denseData(frame: Frame, node: Node): number {
	if (!isConstant(node)) return node.data;
	const width = widthOf(node);
	const data = allocateValues(frame, width);
	frame.region.kernels.fillValue(node.data, width, frame.rows, data);
	return data;
}

/** A node whose `data` is a full column, for kernels that take no constants. */
export function columnOf(node: Node): Node {
	if (!isConstant(node)) return node;
	return makeNode(node.type, [], (frame, self) => {
		self.data = denseData(frame, node);
		self.validity = 0;
	});
}
