// Columns by rows: gathered, scattered, repeated. The kernel is chosen by the width of a value.
import type { Column } from "../../arrow/batch.js";
import { takeBits, takeData } from "../../arrow/take.js";
import type { ValueWidth } from "../../wasm/width-kernels.js";
import { allocateValues, type Frame, isConstant, makeNode, type Node, setNarrow, widthOf } from "./node.js";

/** The frame's rows of a longer column. */
export function gatherColumn(
	frame: Frame,
	source: Pick<Column, "type" | "physical" | "data" | "validity" | "narrow">,
	rowIds: number,
	target: Pick<Node, "data" | "validity" | "narrow">,
): void {
	const { gathered, region, rows } = frame;
	const { narrow } = source;
	if (narrow)
		setNarrow(frame, target, takeData(region, { physical: "i64", data: narrow.data }, rowIds, rows), narrow.bits);
	else target.data = takeData(region, source, rowIds, rows);
	if (source.validity === 0) {
		target.validity = 0;
		return;
	}
	if (gathered.rowIds !== rowIds || gathered.validity !== source.validity) {
		gathered.bits = takeBits(region, source.validity, rowIds, rows);
		gathered.rowIds = rowIds;
		gathered.validity = source.validity;
	}
	target.validity = gathered.bits;
}

/** Writes a node's column of a frame into rows of a longer one. `targetBits` 0: the node has no NULLs there. */
export function scatterColumn(frame: Frame, node: Node, rowIds: number, target: number, targetBits: number): void {
	const { kernels, byWidth } = frame.region;
	byWidth.scatter[widthOf(node)](node.data, isConstant(node) ? 1 : 0, rowIds, frame.rows, target);
	if (targetBits !== 0) kernels.scatterBits(node.validity, rowIds, frame.rows, targetBits);
}

/** The node's values as a full column: constants are repeated. */
export function denseData(frame: Frame, node: Node): number {
	if (!isConstant(node)) return node.data;
	return repeatedValue(frame, node.data, widthOf(node));
}

/** A column of the value at `value` for the frame's rows. */
export function repeatedValue(frame: Frame, value: number, width: ValueWidth): number {
	const data = allocateValues(frame, width);
	frame.region.kernels.fillValue(value, width, frame.rows, data);
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
