// A vertex of a running graph: its operator, the watermarks of its inputs, and the consumers of its output.
import { EngineError } from "../errors.js";
import type { RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";
import { MAX_WATERMARK, MIN_WATERMARK, type RowOperator, type RowOutput } from "./operator.js";

/** What a vertex did. */
export interface VertexCounters {
	readonly description: string;
	rowsIn: number;
	rowsOut: number;
	lateRecordsDropped: number;
}

/** Where a vertex sends what comes out of it. */
export interface RowInput {
	process(row: Row, kind: RowKind): void;
	watermark(time: number): void;
	idle(idle: boolean): void;
	end(): void;
}

interface InputState {
	watermark: number;
	idle: boolean;
	ended: boolean;
}

export class Vertex implements RowOutput {
	readonly operator: RowOperator;
	readonly counters: VertexCounters;
	readonly #name: string;
	readonly #inputs: InputState[];
	readonly #consumers: RowInput[] = [];
	#watermark = MIN_WATERMARK;
	#idle = false;

	constructor(name: string, description: string, operator: RowOperator, inputs: number) {
		this.#name = name;
		this.operator = operator;
		this.counters = { description, rowsIn: 0, rowsOut: 0, lateRecordsDropped: 0 };
		this.#inputs = Array.from({ length: inputs }, () => ({ watermark: MIN_WATERMARK, idle: false, ended: false }));
	}

	connect(consumer: RowInput): void {
		this.#consumers.push(consumer);
	}

	/** The place where input `input` arrives. */
	input(input: number): RowInput {
		const state = this.#inputs[input]!;
		return {
			process: (row, kind) => {
				this.counters.rowsIn++;
				try {
					this.operator.process(row, kind, input, this);
				} catch (error) {
					throw this.#located(error);
				}
			},
			watermark: (time) => {
				state.watermark = Math.max(state.watermark, time);
				this.#advance();
			},
			idle: (idle) => {
				state.idle = idle;
				this.#advance();
				if (!this.operator.ownWatermarks) this.idle(this.#inputs.every((one) => one.idle || one.ended));
			},
			end: () => {
				state.ended = true;
				this.guard(() => this.operator.endInput?.(input, this));
				if (!this.#inputs.every((one) => one.ended)) return;
				this.guard(() => this.operator.finish?.(this));
				for (const consumer of this.#consumers) consumer.end();
			},
		};
	}

	/** Runs an action of the operator; what it throws names the operator. */
	guard(action: () => void): void {
		try {
			action();
		} catch (error) {
			throw this.#located(error);
		}
	}

	#located(error: unknown): EngineError {
		return EngineError.from(error).within({ operator: this.#name });
	}

	/** The watermark is the least of the inputs that are not idle; it never falls. */
	#advance(): void {
		let least = MAX_WATERMARK;
		let active = false;
		for (const { watermark, idle } of this.#inputs) {
			if (idle && watermark !== MAX_WATERMARK) continue;
			active = true;
			least = Math.min(least, watermark);
		}
		if (!active || least <= this.#watermark) return;
		this.#watermark = least;
		this.guard(() => this.operator.advance?.(least, this));
		if (!this.operator.ownWatermarks) this.watermark(least - (this.operator.watermarkDelayMs ?? 0));
	}

	emit(row: Row, kind: RowKind): void {
		this.counters.rowsOut++;
		for (const consumer of this.#consumers) consumer.process(row, kind);
	}

	watermark(time: number): void {
		for (const consumer of this.#consumers) consumer.watermark(time);
	}

	idle(idle: boolean): void {
		if (idle === this.#idle) return;
		this.#idle = idle;
		for (const consumer of this.#consumers) consumer.idle(idle);
	}

	late(): void {
		this.counters.lateRecordsDropped++;
	}
}
