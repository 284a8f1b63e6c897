// What SET changes: the options that have an effect here, declared once, and Flink's others, which scripts may set all the same.
import { BATCH_ROWS } from "../arrow/batch.js";
import { EngineError, nearestName, type SourcePosition } from "../errors.js";
import { type OptionDescription, type OptionValues, option, parseOption } from "../types/option.js";
import { timeZoneOf } from "../types/time-zone.js";

/** By key. Those under `table.exec.` that Flink does not have are Millrace's own. */
export const SESSION_OPTIONS = {
	"execution.buffer-timeout.interval": option.duration({
		default: 100,
		doc: "how long rows may wait for others on their way to another subtask while there is work; 0: not at all",
	}),
	"execution.runtime-mode": option.enum(["streaming", "batch"], {
		default: "streaming",
		doc: "`batch` reads bounded tables to their end and gives final results alone",
	}),
	"parallelism.default": option.integer({
		default: 1,
		min: 1,
		max: 1024,
		doc: "subtasks of each operator; from 2 on they run on worker threads, see `table.exec.inline`",
	}),
	"pipeline.auto-watermark-interval": option.duration({
		default: 200,
		doc: "how often watermarks are sent; 0: after every batch",
	}),
	"pipeline.max-parallelism": option.integer({
		default: 128,
		min: 1,
		max: 32768,
		doc: "key groups: parts that keyed state is divided into",
	}),
	"pipeline.name": option.string({ doc: "the name of the next jobs" }),
	"sql-client.execution.result-mode": option.enum(["table", "changelog", "tableau"], {
		default: "table",
		doc: "at the prompt: an updating query as a table that changes, or as its changes; `tableau`: a stream always with the kind of each row",
	}),
	"table.exec.batch-size": option.integer({
		default: BATCH_ROWS,
		min: 1,
		max: 65536,
		doc: "rows per batch that sources make",
	}),
	"table.exec.engine": option.enum(["wasm", "baseline"], {
		default: "wasm",
		doc: "columnar kernels, or plain TypeScript a row at a time, for comparison",
	}),
	"table.exec.inline": option.boolean({
		doc: "`true`: all subtasks take turns in the calling thread, without workers; `false`: each has a worker, also one alone; unset: one alone runs in the calling thread",
	}),
	"table.exec.sink.not-null-enforcer": option.enum(["ERROR", "DROP"], {
		default: "ERROR",
		doc: "what becomes of a row with NULL in a NOT NULL column of a sink",
	}),
	"table.exec.source.idle-timeout": option.duration({
		default: 0,
		doc: "a source without rows for so long no longer holds back watermarks; 0: it always does",
	}),
	"table.local-time-zone": option.string({
		default: "UTC",
		doc: "zone of TIMESTAMP_LTZ as text, and of CURRENT_TIMESTAMP and the like: `Europe/Berlin`, `GMT+2`; `default` is UTC",
	}),
	"table.optimizer.agg-phase-strategy": option.enum(["AUTO", "ONE_PHASE", "TWO_PHASE"], {
		default: "AUTO",
		doc: "whether senders sum up their own rows before an exchange; AUTO and TWO_PHASE do wherever nothing is lost by it",
	}),
	"table.optimizer.rules": option.enum(["all", "required"], {
		default: "all",
		doc: "`required`: only the rules without which a plan cannot run, to find out whether another is at fault",
	}),
	"taskmanager.memory.task.size": option.memory({
		doc: "what the operators of one subtask may keep, at most and by default 4 GiB; reaching it fails the job, naming the operator",
	}),
};

export type SessionOptionValues = OptionValues<typeof SESSION_OPTIONS>;

const ignored = (prefix: string, names: string) =>
	names
		.trim()
		.split(/\s+/)
		.map((name) => `${prefix}.${name}`);

/** Flink's options that have no effect here. */
export const IGNORED_OPTIONS: readonly string[] = [
	...ignored(
		"table.exec",
		`async-lookup.buffer-capacity async-lookup.key-ordered-enabled async-lookup.output-mode async-lookup.timeout
		async-scalar.max-attempts async-scalar.max-concurrent-operations async-scalar.retry-delay async-scalar.timeout
		async-state.enabled deduplicate.insert-update-after-sensitive-enabled
		deduplicate.mini-batch.compact-changes-enabled disabled-operators interval-join.min-cleanup-interval
		legacy-cast-behaviour local-hash-agg.adaptive.distinct-value-rate-threshold local-hash-agg.adaptive.enabled
		local-hash-agg.adaptive.sampling-threshold mini-batch.allow-latency mini-batch.enabled mini-batch.size
		operator-fusion-codegen.enabled rank.topn-cache-size resource.default-parallelism shuffle-mode
		simplify-operator-name-enabled sink.keyed-shuffle sink.nested-constraint-enforcer sink.rowtime-inserter
		sink.type-length-enforcer sink.upsert-materialize sort.async-merge-enabled sort.default-limit
		sort.max-num-file-handles source.cdc-events-duplicate spill-compression.block-size spill-compression.enabled
		state.ttl uid.format uid.generation unbounded-over.version window-agg.buffer-size-limit`,
	),
	...ignored(
		"table.optimizer",
		`adaptive-broadcast-join.strategy adaptive-skewed-join-optimization.skewed-factor
		adaptive-skewed-join-optimization.strategy bushy-join-reorder-threshold delta-join.strategy
		distinct-agg.split.bucket-num distinct-agg.split.enabled dynamic-filtering.enabled incremental-agg-enabled
		join-reorder-enabled join.broadcast-threshold join.null-filter-threshold multi-join.enabled
		multiple-input-enabled non-deterministic-update.strategy reuse-optimize-block-with-digest-enabled
		reuse-sink-enabled reuse-source-enabled reuse-sub-plan-enabled runtime-filter.enabled
		source.aggregate-pushdown-enabled source.predicate-pushdown-enabled source.report-statistics-enabled
		sql2rel.project-merge.enabled union-all-as-breakpoint-enabled`,
	),
	...ignored(
		"table",
		`builtin-catalog-name builtin-database-name column-expansion-strategy display.max-column-width dml-sync
		dynamic-table-options.enabled generated-code.max-length generated-code.max-members legacy-nested-row-nullability
		plan.compile.catalog-objects plan.force-recompile plan.restore.catalog-objects planner
		rtas-ctas.atomicity-enabled sql-dialect`,
	),
	...ignored("pipeline", "object-reuse operator-chaining operator-chaining.enabled generic-types jars classpaths"),
	...ignored(
		"sql-client",
		"display.max-column-width display.print-time-cost display.color-schema execution.max-table-result.rows verbose",
	),
	...ignored(
		"execution",
		"attached checkpointing.interval checkpointing.mode checkpointing.timeout shutdown-on-attached-exit",
	),
];

const KNOWN = new Set([...Object.keys(SESSION_OPTIONS), ...IGNORED_OPTIONS]);

/** Letters that a key may differ by to be taken for a misspelling; keys that nobody knows are kept, as in Flink. */
const SLIPS = 2;

/**
 * Checks what SET gives.
 * @throws INVALID_OPTION for a value that a known option cannot have; UNKNOWN_OPTION for what looks like a misspelt key.
 */
export function checkSessionOption(key: string, text: string, position?: SourcePosition): void {
	const description = (SESSION_OPTIONS as Readonly<Record<string, OptionDescription>>)[key];
	try {
		if (description) parseOption(key, text, description);
		if (key === "table.local-time-zone" && text !== "default") timeZoneOf(text);
	} catch (error) {
		throw EngineError.from(error).within({ ...(position && { position }) });
	}
	if (KNOWN.has(key)) return;
	const near = nearestName(key, KNOWN, SLIPS);
	if (near === undefined) return;
	throw new EngineError("UNKNOWN_OPTION", `there is no option '${key}'`, {
		...(position && { position }),
		remedy: `Did you mean '${near}'?`,
	});
}

/** The value of an option, or its default. */
export function sessionOption<K extends keyof SessionOptionValues>(
	options: Readonly<Record<string, string>>,
	key: K,
): SessionOptionValues[K] {
	const description: OptionDescription = SESSION_OPTIONS[key];
	const text = options[key];
	return (text === undefined ? description.default : parseOption(key, text, description)) as SessionOptionValues[K];
}
