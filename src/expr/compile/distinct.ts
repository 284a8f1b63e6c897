// Distinct values of a column, for functions that are dear: they run once per distinct value, and rows take their result by number.
import { isSame } from "../../arrow/batch.js";
import type { Frame, Node } from "./node.js";

/** Fewer rows than this are not worth it. */
const MIN_ROWS = 16;
/** Batches for which a column with too many distinct values is left alone. */
const PAUSE = 16;

export interface DistinctRows {
	/** Address of a u32 number per row of the frame. */
	readonly ids: number;
	/** Address of the u32 row of the frame in which each number appears first. */
	readonly firsts: number;
	readonly count: number;
}

/** Whether values of the node can be told apart by these kernels. */
export const isDistinguishable = (node: Node): boolean =>
	node.physical === "view" || node.physical === "i64" || node.physical === "f64" || node.physical === "i32";

/** Finds distinct values, batch after batch; gives up for a while when there are too many. */
export class DistinctFinder {
	readonly #node: Node;
	readonly #unit: number;
	#pause = 0;

	/** Integers from 0 up whose quotients by `unit` are equal count as equal. */
	constructor(node: Node, unit: number) {
		this.#node = node;
		this.#unit = unit;
	}

	/** Whether all rows count as equal, none of them NULL. */
	isOne({ region, rows }: Frame): boolean {
		const { data, validity, physical } = this.#node;
		if (rows === 0) return false;
		if (isSame(region, this.#node, rows)) return true;
		return (
			this.#unit > 1 && physical === "i64" && validity === 0 && region.kernels.sameQuotient(data, this.#unit, rows)
		);
	}

	/** Undefined when at least half of the values are distinct. */
	find(frame: Frame): DistinctRows | undefined {
		const { rows } = frame;
		if (rows < MIN_ROWS || this.#pause-- > 0) return undefined;
		const { arena, kernels } = frame.region;
		const slots = 2 ** Math.ceil(Math.log2(rows) + 1);
		const ids = arena.allocate(rows * 4);
		const firsts = arena.allocate(rows * 4);
		const table = arena.allocate(slots * 4);
		kernels.fillBytes(table, 0, slots * 4);
		const count = this.#number(frame, table, slots - 1, ids, firsts);
		if (count < 0) {
			this.#pause = PAUSE;
			return undefined;
		}
		return { ids, firsts, count };
	}

	#number(frame: Frame, table: number, mask: number, ids: number, firsts: number): number {
		const { kernels } = frame.region;
		const { data, validity, physical } = this.#node;
		const { rows } = frame;
		const limit = rows >>> 1;
		if (physical === "view") return kernels.distinctViews(data, validity, rows, limit, table, mask, ids, firsts);
		if (physical === "i32") return kernels.distinctI32(data, validity, rows, limit, table, mask, ids, firsts);
		return kernels.distinctI64(data, validity, this.#unit, rows, limit, table, mask, ids, firsts);
	}
}
