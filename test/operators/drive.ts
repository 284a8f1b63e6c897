// Drives one operator as a task would: rows in, rows out, time in band, and a snapshot moved into a fresh instance where asked.
import { expect } from "vitest";
import type { Batch } from "../../src/arrow/batch.js";
import { batchKinds, batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import { takeBatch } from "../../src/arrow/take.js";
import { operatorFactory } from "../../src/engine/operator-factory.js";
import type { OperatorSpec } from "../../src/job/specs.js";
import { aloneContext } from "../../src/operators/alone-context.js";
import { loadOperators, operatorFor } from "../../src/operators/index.js";
import type { Operator, OperatorMetrics, Output } from "../../src/operators/operator.js";
import { MAX_WATERMARK } from "../../src/operators/operator.js";
import { keyText } from "../../src/types/compare.js";
import { isAddition, type RowKind } from "../../src/types/row-kind.js";
import type { Schema } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { memoryOwner } from "../../src/wasm/heap.js";
import type { KernelBuild } from "../../src/wasm/kernels.js";
import { Region } from "../../src/wasm/region.js";
import { Saved } from "./saved.js";

export type Change = readonly [RowKind, Row];

export type Step =
	| { readonly changes: readonly Change[]; readonly input?: number }
	| { readonly watermark: number }
	/** The state goes through a snapshot into a fresh instance. */
	| { readonly restore: true };

export interface Driven {
	readonly spec: OperatorSpec;
	readonly inputs: readonly Schema[];
	readonly output: Schema;
	readonly build?: KernelBuild;
	/** Bounded execution. */
	readonly batch?: boolean;
	/** All memory lies above 2 GiB, where addresses are negative as signed numbers. Of the release build only. */
	readonly high?: boolean;
	/** Without kernels the operator runs row by row behind the bridge, as in a session. */
	readonly bridged?: boolean;
}

export interface Outcome {
	readonly changes: readonly Change[];
	/** Changes and watermarks in the order in which they were sent. */
	readonly events: readonly (Change | number)[];
	/** Watermarks that the operator itself sent. */
	readonly watermarks: readonly number[];
	readonly lateRecordsDropped: number;
	/** Late rows as the operator gave them out. */
	readonly lateChanges: readonly Change[];
}

interface Instance {
	readonly region: Region;
	readonly operator: Operator;
}

async function instantiate(
	{ spec, inputs, output, build = "debug", batch, high, bridged }: Driven,
	metrics: OperatorMetrics,
): Promise<Instance> {
	const region = high
		? (idleHigh.pop() ?? (await highRegion()))
		: (idle[build].pop() ?? (await Region.create({ build })));
	const context = aloneContext({
		region,
		owner: memoryOwner(spec.operator),
		spec,
		inputs,
		output,
		functions: {
			timeZone: "UTC",
			queryStartMs: 0,
			batch: batch ?? false,
			currentCatalog: "default_catalog",
			currentDatabase: "default_database",
		},
		metrics,
	});
	await loadOperators([spec]);
	const create = bridged ? await operatorFactory({ vertices: [context.vertex] }, { lookups: new Map() }) : operatorFor;
	const operator = create(spec, context);
	if (!operator) throw new Error(`${spec.operator} has no kernels`);
	return { region, operator };
}

/** Everything the operator emits for the steps, then for the end of all inputs. Fails when it leaks state memory. */
export async function drive(driven: Driven, steps: readonly Step[]): Promise<Outcome> {
	const events: (Change | number)[] = [];
	const metrics = { lateRecordsDropped: 0 };
	let instance = await instantiate(driven, metrics);
	const lateChanges: Change[] = [];
	const changesOf = (batch: Batch): Change[] => {
		const kinds = batchKinds(instance.region, batch);
		return batchToRows(instance.region, batch).map((row, i) => [kinds[i] as RowKind, row]);
	};
	const out: Output = {
		emit: (batch) => {
			expect(batch.columns).toHaveLength(driven.output.length);
			events.push(...changesOf(batch));
			// What runs behind may make the memory grow.
			instance.region.voidViews();
		},
		late: (batch, rows, n) => {
			lateChanges.push(...changesOf(rows === 0 ? batch : takeBatch(instance.region, batch, rows, n)));
		},
		watermark: (time) => events.push(time),
		idle: () => {},
	};
	for (const step of steps) {
		const { region, operator } = instance;
		const mark = region.arena.mark();
		if ("changes" in step) {
			const schema = driven.inputs[step.input ?? 0] as Schema;
			const hasKinds = step.changes.some(([kind]) => kind !== 0);
			const kinds = hasKinds ? step.changes.map(([kind]) => kind) : undefined;
			const rows = step.changes.map(([, row]) => row);
			operator.process(rowsToBatch(region, schema, rows, kinds), step.input ?? 0, out);
		} else if ("watermark" in step) operator.advance?.(step.watermark, out);
		else {
			operator.flush?.(out);
			instance = await moved(driven, instance, metrics);
		}
		region.arena.release(mark);
	}
	const { region, operator } = instance;
	operator.flush?.(out);
	operator.advance?.(MAX_WATERMARK, out);
	for (const input of driven.inputs.keys()) operator.finish?.(input, out);
	end(region, operator);
	const isChange = (event: Change | number): event is Change => typeof event !== "number";
	return {
		changes: events.filter(isChange),
		events,
		watermarks: events.filter((event) => typeof event === "number"),
		lateRecordsDropped: metrics.lateRecordsDropped,
		lateChanges,
	};
}

async function moved(driven: Driven, { region, operator }: Instance, metrics: OperatorMetrics): Promise<Instance> {
	const next = await instantiate(driven, metrics);
	const saved = new Saved(region, next.region);
	operator.snapshot?.(saved);
	end(region, operator);
	next.operator.restore?.(saved);
	return next;
}

function end(region: Region, operator: Operator): void {
	operator.dispose();
	region.arena.dispose();
	expect(region.heap.liveBlocks()).toEqual([]);
	const isHigh = region.heap.usedBytes >= LOW_BYTES;
	expect(region.heap.usedBytes).toBe(isHigh ? LOW_BYTES : 0);
	(isHigh ? idleHigh : idle[region.kernels.build]).push(region);
}

/** Memories that are empty again: making one costs more than most cases. */
const idle: Record<KernelBuild, Region[]> = { release: [], debug: [] };
const idleHigh: Region[] = [];

const LOW_BYTES = 2 ** 31;

/** Pages that nobody touches cost nothing. */
async function highRegion(): Promise<Region> {
	const region = await Region.create({ build: "release" });
	region.heap.allocate(LOW_BYTES, memoryOwner("Low"));
	return region;
}

/** The rows that a changelog leaves, sorted by their key text. Fails when a row is taken back that is not there. */
export function fold(changes: readonly Change[], schema: Schema): string[] {
	const types = schema.map(({ type }) => type);
	const counts = new Map<string, number>();
	for (const [kind, row] of changes) {
		const key = keyText(row, types);
		const count = (counts.get(key) ?? 0) + (isAddition(kind) ? 1 : -1);
		expect(count, `row taken back that is not there: ${key}`).toBeGreaterThanOrEqual(0);
		counts.set(key, count);
	}
	return [...counts].flatMap(([key, count]) => new Array<string>(count).fill(key)).sort();
}

/** The rows that an upsert changelog (without -U) leaves. `keys`: columns of the upsert key. */
export function foldUpserts(changes: readonly Change[], schema: Schema, keys: readonly number[]): string[] {
	const types = schema.map(({ type }) => type);
	const keyTypes = keys.map((key) => types[key] as (typeof types)[number]);
	const rows = new Map<string, string>();
	for (const [kind, row] of changes) {
		const key = keyText(
			keys.map((column) => row[column] as Row[number]),
			keyTypes,
		);
		if (isAddition(kind)) rows.set(key, keyText(row, types));
		else rows.delete(key);
	}
	return [...rows.values()].sort();
}
