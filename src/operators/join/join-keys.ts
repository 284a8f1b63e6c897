// The index of join keys, shared by both sides of a join: one row per key, with a list of rows per side.
import type { Batch, Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import { asNullable, type Schema, type SqlType } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { GroupIndex, keyLayout } from "../state/group-index.js";
import { RowLayout } from "../state/row-layout.js";

export interface KeyedSpec {
	readonly leftKeys: readonly number[];
	readonly rightKeys: readonly number[];
	readonly nullSafe: readonly boolean[];
}

export class JoinKeys {
	readonly #region: Region;
	readonly #keys: readonly [readonly number[], readonly number[]];
	readonly #nullSafe: readonly boolean[];
	readonly index: GroupIndex;
	/** Offsets of the sides' lists in key rows. */
	readonly heads: readonly [number, number];

	constructor(region: Region, owner: MemoryOwner, spec: KeyedSpec, inputs: readonly Schema[]) {
		this.#region = region;
		this.#keys = [spec.leftKeys, spec.rightKeys];
		this.#nullSafe = spec.nullSafe;
		const types = spec.leftKeys.map((column, i): SqlType => {
			const left = inputs[0]?.[column]?.type as SqlType;
			const right = inputs[1]?.[spec.rightKeys[i] as number]?.type as SqlType;
			return right.nullable ? asNullable(left) : left;
		});
		const key = keyLayout(types);
		const layout = new RowLayout(key.bytes);
		this.heads = [layout.reserve(8), layout.reserve(8)];
		this.index = new GroupIndex(region, owner, key, layout.stride);
	}

	columnsOf(columns: readonly Column[], side: 0 | 1): Column[] {
		return this.#keys[side].map((column) => columns[column] as Column);
	}

	/** The rows that can match something, those whose keys compared by `=` are not NULL; and the others. */
	split(batch: Batch, side: 0 | 1): { readonly matchable: Batch; readonly unmatchable: Batch | undefined } {
		const { arena, kernels } = this.#region;
		const nullable = this.columnsOf(batch.columns, side).filter((key, i) => key.validity !== 0 && !this.#nullSafe[i]);
		if (nullable.length === 0) return { matchable: batch, unmatchable: undefined };
		const weights = arena.allocate(batch.length);
		kernels.fillBytes(weights, 1, batch.length);
		for (const { validity } of nullable) kernels.weightsOfValid(validity, batch.length, weights);
		const indices = arena.allocate(batch.length * 4);
		const others = kernels.kindsOtherThan(weights, batch.length, 1, indices);
		if (others === 0) return { matchable: batch, unmatchable: undefined };
		const unmatchable = takeBatch(this.#region, batch, indices, others);
		const count = kernels.kindsOtherThan(weights, batch.length, 0, indices);
		return { matchable: takeBatch(this.#region, batch, indices, count), unmatchable };
	}
}
