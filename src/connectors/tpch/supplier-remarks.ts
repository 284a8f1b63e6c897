// Comments of suppliers: a few in 10,000 carry a customer's complaint or recommendation (what TPC-H 16 looks for).
import { VIEW_BYTES } from "../../arrow/batch.js";
import type { Chunk, Stream } from "./chunk.js";
import { comments, type Maker } from "./column-makers.js";

const CHOSEN: Stream = { seed: 202794285, low: 1, high: 10_000 };
const CHOSEN_OF_10_000 = 10;
const GAP = 263032577;
const OFFSET = 715851524;
const KIND: Stream = { seed: 753643799, low: 0, high: 100 };
const SUBJECT = "Customer ";
const REMARK_BYTES = SUBJECT.length + "Complaints".length;
const LONGEST_COMMENT = 112;

const plainComments = comments(1341315363, 63);

export const supplierComments: Maker = (chunk, out) => {
	plainComments(chunk, out);
	const chosen = chunk.draws(CHOSEN);
	for (let row = 0; row < chunk.units; row++) {
		if (chunk.region.i32[chosen / 4 + row]! <= CHOSEN_OF_10_000) writeRemark(chunk, row, out + row * VIEW_BYTES);
	}
};

/** Copies the comment, since the pool is shared, and writes the remark into it. Comments are long enough not to lie in their views. */
function writeRemark(chunk: Chunk, row: number, view: number): void {
	const { region } = chunk;
	const bytes = region.u32[view / 4]!;
	const at = chunk.first + row;
	const gap = chunk.valueAt({ seed: GAP, low: 0, high: bytes - REMARK_BYTES }, at);
	const offset = chunk.valueAt({ seed: OFFSET, low: 0, high: bytes - REMARK_BYTES - gap }, at);
	const remark = chunk.valueAt(KIND, at) < 50 ? "Complaints" : "Recommends";
	const text = chunk.text(LONGEST_COMMENT);
	region.kernels.copyBytes(text, region.u32[view / 4 + 3]!, bytes);
	const encoder = new TextEncoder();
	region.u8.set(encoder.encode(SUBJECT), text + offset);
	region.u8.set(encoder.encode(remark), text + offset + SUBJECT.length + gap);
	region.u8.copyWithin(view + 4, text, text + 4);
	region.u32[view / 4 + 3] = text;
}
