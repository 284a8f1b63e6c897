// The world of a simulated job: sources that stall, sinks that hold back, operators that fail, all as the seed wants; time is virtual.
import { batchKinds, batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import type { SinkWriter, SourceReader } from "../../src/connectors/connector.js";
import { operatorFactory } from "../../src/engine/operator-factory.js";
import type { JobGraph, JobVertex } from "../../src/job/job-graph.js";
import type { OperatorSpec, SinkSpec, SourceSpec } from "../../src/job/specs.js";
import type { Operator, OperatorContext } from "../../src/operators/operator.js";
import type { DataflowEnvironment, Slot } from "../../src/runtime/dataflow.js";
import type { OperatorFactory } from "../../src/runtime/environment.js";
import { RowKind } from "../../src/types/row-kind.js";
import type { Row } from "../../src/types/value.js";
import type { Region } from "../../src/wasm/region.js";
import { type Faults, injected } from "./faults.js";
import type { Random } from "./random.js";
import type { Schedule } from "./schedule.js";

export interface World {
	readonly random: Random;
	readonly schedule: Schedule;
	readonly faults: Faults;
	/** Rows of the tables, by name. */
	readonly tables: Readonly<Record<string, readonly Row[]>>;
}

export class SimulatedEnvironment implements DataflowEnvironment {
	readonly turnMs = 0;
	/** What the collector took, in order of arrival. */
	readonly changes: { readonly row: Row; readonly kind: RowKind }[] = [];
	/** Readers and writers that have not been closed. */
	open = 0;
	readonly #world: World;
	readonly #create: OperatorFactory;

	private constructor(world: World, create: OperatorFactory) {
		this.#world = world;
		this.#create = create;
	}

	static async of(graph: JobGraph, world: World): Promise<SimulatedEnvironment> {
		return new SimulatedEnvironment(world, await operatorFactory(graph, { lookups: new Map() }));
	}

	now(): number {
		return this.#world.schedule.nowMs;
	}

	yieldTurn(subtask: number): Promise<void> {
		return this.#world.schedule.turn(`slot ${subtask}`);
	}

	sleep(delayMs: number, cancel: AbortSignal): Promise<void> {
		return this.#world.schedule.sleep("timer", delayMs, cancel);
	}

	openSource(vertex: JobVertex, spec: SourceSpec, slot: Slot, region: Region): SourceReader {
		const { random, schedule, faults, tables } = this.#world;
		const own = tables[spec.table.path.at(-1)!]!.filter((_, i) => i % vertex.parallelism === slot.subtask);
		const rows = own.map((row) => spec.projection.map(([column]) => row[column!]!));
		const label = `source ${vertex.id} of slot ${slot.subtask}`;
		let at = 0;
		return {
			next: () => {
				faults.throwIf("source");
				if (at === rows.length) return null;
				if (random.chance(0.2)) return schedule.sleep(label, random.below(400));
				const size = 1 + random.below(random.chance(0.2) ? 60 : 8);
				const batch = rowsToBatch(region, vertex.schema, rows.slice(at, at + size));
				at += batch.length;
				return batch;
			},
			position: () => at,
			close: this.#closing(),
		};
	}

	openSink(vertex: JobVertex, _spec: SinkSpec, slot: Slot, region: Region): SinkWriter {
		const { random, schedule, faults } = this.#world;
		const label = `sink of slot ${slot.subtask}`;
		const later = async () => {
			await schedule.sleep(label, random.below(300));
			if (faults.strikes("later")) throw injected("later");
		};
		return {
			write: (batch) => {
				faults.throwIf("write");
				const kinds = batch.kinds ? batchKinds(region, batch) : undefined;
				for (const [i, row] of batchToRows(region, batch).entries()) {
					this.changes.push({ row, kind: kinds?.[i] ?? RowKind.INSERT });
				}
				return random.chance(0.3) ? later() : undefined;
			},
			flush: () => undefined,
			finish: () => (random.chance(0.5) ? later() : vertex.id),
			close: this.#closing(),
		};
	}

	createOperator(spec: OperatorSpec, context: OperatorContext): Operator {
		const operator = this.#create(spec, context);
		const { faults } = this.#world;
		const { process, advance, advanceInParts, finish } = operator;
		operator.process = (batch, input, out) => {
			faults.throwIf("operator");
			process.call(operator, batch, input, out);
		};
		if (advance) operator.advance = watched(faults, advance.bind(operator));
		if (advanceInParts) {
			operator.advanceInParts = (watermark, out) => {
				faults.throwIf("operator");
				return advanceInParts.call(operator, watermark, out);
			};
		}
		if (finish) operator.finish = watched(faults, finish.bind(operator));
		return operator;
	}

	#closing(): () => void {
		this.open++;
		let closed = false;
		return () => {
			if (closed) throw new Error("closed twice");
			closed = true;
			this.open--;
		};
	}
}

function watched<A extends unknown[]>(faults: Faults, call: (...args: A) => void): (...args: A) => void {
	return (...args) => {
		faults.throwIf("operator");
		call(...args);
	};
}
