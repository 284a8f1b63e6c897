// The keys of a join: where they are on both sides, how they are kept, and which rows can match at all.
import type { Batch, Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import { asNullable, type Schema, type SqlType } from "../../types/sql-type.js";
import { type PhysicalType, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import { keyLayout } from "../state/key-layout.js";
import type { PackedFields } from "../state/row-layout.js";
import type { SlotKey } from "./key-lists.js";

export interface KeyedSpec {
	readonly leftKeys: readonly number[];
	readonly rightKeys: readonly number[];
	readonly nullSafe: readonly boolean[];
}

const SLOT_KEYS: Partial<Record<PhysicalType, SlotKey>> = { i32: "I32", i64: "I64" };

export class JoinKeys {
	readonly #region: Region;
	readonly #nullSafe: readonly boolean[];
	/** The key columns of each side. */
	readonly columns: readonly [readonly number[], readonly number[]];
	/** How a key lies in a row. */
	readonly layout: PackedFields;
	/** Set: the key is one integer that is not NULL. */
	readonly slotKey: SlotKey | undefined;
	/** The keys that are integers compared by `=`: positions among the keys. */
	readonly integerKeys: readonly { readonly index: number; readonly kind: SlotKey }[];

	constructor(region: Region, spec: KeyedSpec, inputs: readonly Schema[]) {
		this.#region = region;
		this.columns = [spec.leftKeys, spec.rightKeys];
		this.#nullSafe = spec.nullSafe;
		const types = spec.leftKeys.map((column, i): SqlType => {
			const left = inputs[0]?.[column]?.type as SqlType;
			const right = inputs[1]?.[spec.rightKeys[i] as number]?.type as SqlType;
			return right.nullable ? asNullable(left) : left;
		});
		this.layout = keyLayout(types);
		this.integerKeys = types.flatMap((type, index) => {
			const kind = SLOT_KEYS[physicalType(type)];
			return kind === undefined || spec.nullSafe[index] ? [] : [{ index, kind }];
		});
		this.slotKey = types.length === 1 ? this.integerKeys[0]?.kind : undefined;
	}

	columnsOf(columns: readonly Column[], side: 0 | 1): Column[] {
		return this.columns[side].map((column) => columns[column] as Column);
	}

	/** A byte per row: whether it can match something, its keys compared by `=` not being NULL; 0: all can. */
	validOf(keys: readonly Column[], n: number): number {
		const nullable = keys.filter((key, i) => key.validity !== 0 && !this.#nullSafe[i]);
		if (nullable.length === 0) return 0;
		const { arena, kernels } = this.#region;
		const valid = arena.allocate(n);
		kernels.fillBytes(valid, 1, n);
		for (const { validity } of nullable) kernels.weightsOfValid(validity, n, valid);
		return valid;
	}

	/** The rows that can match something, those whose keys compared by `=` are not NULL; and the others. */
	split(batch: Batch, side: 0 | 1): { readonly matchable: Batch; readonly unmatchable: Batch | undefined } {
		const { arena, kernels } = this.#region;
		const weights = this.validOf(this.columnsOf(batch.columns, side), batch.length);
		if (weights === 0) return { matchable: batch, unmatchable: undefined };
		const indices = arena.allocate(batch.length * 4);
		const others = kernels.kindsOtherThan(weights, batch.length, 1, indices);
		if (others === 0) return { matchable: batch, unmatchable: undefined };
		const unmatchable = takeBatch(this.#region, batch, indices, others);
		const count = kernels.kindsOtherThan(weights, batch.length, 0, indices);
		return { matchable: takeBatch(this.#region, batch, indices, count), unmatchable };
	}
}
