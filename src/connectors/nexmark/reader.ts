// Reads Nexmark events as batches: picks the fields that the projection needs, follows the cursor, paces if asked to.
import type { Batch, Column } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import type { SourceContext, SourceReader } from "../connector.js";
import { aborted, sleep } from "../pacing.js";
import { projectedSchema } from "../projection.js";
import { BlockCursor, type BlockPosition, dealtBlocks, type EventCursor, inStretches, StreamCursor } from "./cursor.js";
import { eventsIn } from "./event-filter.js";
import { FilterSelection } from "./filter-selection.js";
import { ALL_EVENTS, type EventRows, NexmarkGenerator } from "./generator.js";
import { FIELDS, fieldsOf, TYPE_FIELD } from "./layout.js";
import { BLOCK_EVENTS, type NexmarkConfig } from "./options.js";
import { encodeEventRow } from "./row-column.js";
import { type EventPath, eventPath } from "./schema.js";

/** Blocks that a subtask takes at a time; with 16, few auctions have bids in two stretches. */
const MOST_BLOCKS = 16;
/** Of each subtask, so that they end at about the same time. */
const LEAST_STRETCHES = 16;

interface StreamPosition {
	readonly next: number;
	readonly randomState: bigint;
}

/** Masks of one event type. */
const SINGLE_TYPES: ReadonlySet<number> = new Set([0b001, 0b010, 0b100]);

export class NexmarkReader implements SourceReader {
	readonly #context: SourceContext;
	readonly #config: NexmarkConfig;
	readonly #schema: Schema;
	readonly #paths: readonly EventPath[];
	readonly #selection: FilterSelection | undefined;
	readonly #generator: NexmarkGenerator;
	readonly #cursor: EventCursor;
	/** Wall-clock ms at which position 0 was or would have been due; set at the first call when paced. */
	#start: number | undefined;
	#rowsLeft: number;

	constructor(context: SourceContext, config: NexmarkConfig) {
		const { region, table, projection, batchRows } = context;
		this.#context = context;
		this.#config = config;
		this.#schema = projectedSchema(table, projection);
		this.#paths = projection.map((path) => eventPath(table, path));
		this.#rowsLeft = context.limit ?? Number.POSITIVE_INFINITY;
		const typeColumns = this.#paths.flatMap(({ field }, index) => (field === TYPE_FIELD ? [index] : []));
		const mask = config.fullEvents ? ALL_EVENTS : eventsIn(context.filters, new Set(typeColumns));
		const read = this.#paths.flatMap(({ event, field }) => (field ? [field] : fieldsOf(event)));
		const wanted = config.fullEvents ? FIELDS : read;
		if (mask === 0) this.#rowsLeft = 0;
		const maySelect = config.mode === "blocks" && !config.fullEvents && SINGLE_TYPES.has(mask);
		this.#selection = maySelect ? FilterSelection.of(context, this.#paths) : undefined;
		this.#generator = new NexmarkGenerator(region, config, wanted, mask, batchRows, this.#selection);
		this.#cursor = this.#openCursor();
	}

	#openCursor(): EventCursor {
		const { subtask, parallelism, claim = dealtBlocks(subtask, parallelism), startPosition = [] } = this.#context;
		const { events, mode } = this.#config;
		if (mode === "blocks") {
			const blocks = inStretches(claim, this.#stretch);
			return new BlockCursor(events, blocks, startPosition as readonly BlockPosition[]);
		}
		if (subtask > 0) return new StreamCursor(0, 0);
		const start = (startPosition as readonly StreamPosition[])[0];
		if (start) this.#generator.randomState = start.randomState;
		return new StreamCursor(events, start?.next ?? 0);
	}

	/** How many blocks a subtask takes at a time: of paced events one, since the others' watermarks wait for it. */
	get #stretch(): number {
		const { events, paced } = this.#config;
		const fair = Math.floor(events / BLOCK_EVENTS / (this.#context.parallelism * LEAST_STRETCHES));
		return paced ? 1 : Math.max(1, Math.min(MOST_BLOCKS, fair));
	}

	next(): Batch | null | Promise<void> {
		while (this.#rowsLeft > 0) {
			const next = this.#cursor.peek();
			if (next === undefined) break;
			const due = this.#config.paced ? this.#duePositions(next) : Number.POSITIVE_INFINITY;
			if (next >= due) return sleep(this.#msUntilDue(next), this.#context.signal);
			const mark = this.#context.region.arena.mark();
			const rows = this.#generator.generate(
				() => this.#cursor.next(due),
				(positions) => this.#cursor.advance(positions),
			);
			// A batch without rows lets others take their turn when filters leave next to nothing.
			if (rows.length > 0 || this.#selection) return this.#batch(rows);
			this.#context.region.arena.release(mark);
		}
		return this.#config.keepAlive && this.#rowsLeft > 0 ? aborted(this.#context.signal) : null;
	}

	position(): unknown {
		if (this.#config.mode === "blocks") return this.#cursor.position();
		return { next: this.#cursor.position(), randomState: this.#generator.randomState };
	}

	close(): void {
		this.#generator.close();
		this.#selection?.dispose();
	}

	#batch(rows: EventRows): Batch {
		const length = Math.min(rows.length, this.#rowsLeft);
		this.#rowsLeft -= length;
		const columns = this.#schema.map(({ type }, index): Column => {
			const { event, field } = this.#paths[index] as EventPath;
			if (!field) return encodeEventRow(this.#context.region, rows, event, type);
			const { physical, data, validity } = rows.column(field);
			return { type, physical, data, validity };
		});
		return { length, columns, kinds: 0 };
	}

	get #positionsPerMs(): number {
		return this.#config.rate / 1000;
	}

	/** Positions from which on events are not due yet. */
	#duePositions(next: number): number {
		const now = this.#context.now();
		this.#start ??= this.#config.wallClock ? this.#config.baseTime : now - next / this.#positionsPerMs;
		return Math.floor((now - this.#start) * this.#positionsPerMs);
	}

	#msUntilDue(position: number): number {
		return (this.#start ?? 0) + (position + 1) / this.#positionsPerMs - this.#context.now();
	}
}
