// Scan → Source (with ChangelogNormalize above a table that sends +U alone), Values, Watermark → WatermarkAssigner.
import { EngineError } from "../../errors.js";
import { SESSION_OPTIONS, sessionOption } from "../../job/session-options.js";
import type { PlanNode, ScanNode, ValuesNode, WatermarkNode } from "../../plan/nodes.js";
import { inputsOf } from "../../plan/nodes.js";
import { parseOption } from "../../types/option.js";
import { hashBy, onto, type PhysicalNode, physicalNode } from "../physical-node.js";
import { INSERT_ONLY } from "../row-kinds.js";
import type { Translator } from "./translator.js";

export function translateScan(node: ScanNode, translator: Translator): PhysicalNode {
	const updating = node.changelog !== "insert";
	if (translator.batch && updating) {
		throw new EngineError(
			"UNSUPPORTED",
			`Querying a table in batch mode is currently only possible for INSERT-only table sources, but table '${node.table.path.join(".")}' delivers changes`,
			{ remedy: "SET 'execution.runtime-mode' = 'streaming'" },
		);
	}
	const key = primaryKeyOf(node);
	const source = physicalNode(
		{
			operator: "Source",
			table: node.table,
			projection: node.projection,
			filters: node.filters,
			limit: node.limit,
			changelog: updating,
		},
		[],
		node.schema,
		{
			kinds: updating ? { update: true, delete: true } : INSERT_ONLY,
			upsertKeys: key === undefined ? [] : [key],
			scan: node.changelog,
		},
	);
	if (node.changelog !== "upsert") return source;
	if (key === undefined) {
		throw new EngineError(
			"INVALID_SCHEMA",
			`Table '${node.table.path.join(".")}' sends upserts but has no PRIMARY KEY to apply them by`,
			{
				remedy: "Declare PRIMARY KEY (…) NOT ENFORCED",
			},
		);
	}
	return onto(source, { operator: "ChangelogNormalize", keys: key, updateBefore: true }, node.schema, hashBy(key));
}

/** Where the primary key's columns are in the scan's output, if all are read. */
function primaryKeyOf(node: ScanNode): number[] | undefined {
	const { primaryKey } = node.table;
	if (primaryKey === undefined || primaryKey.length === 0) return undefined;
	const positions = primaryKey.map((column) =>
		node.projection.findIndex((path) => path.length === 1 && path[0] === column),
	);
	return positions.includes(-1) ? undefined : positions;
}

export function translateValues(node: ValuesNode): PhysicalNode {
	return physicalNode({ operator: "Values", rows: node.rows }, [], node.schema);
}

export function translateWatermark(node: WatermarkNode, translator: Translator): PhysicalNode {
	const input = translator.input(node.input);
	// Bounded execution needs no watermarks: everything fires at the end.
	if (translator.batch) return input;
	const spec = {
		operator: "WatermarkAssigner",
		rowtime: node.rowtime,
		expression: node.expression,
		intervalMs: sessionOption(translator.options, "pipeline.auto-watermark-interval"),
		idleTimeoutMs: idleTimeoutMs(node, translator),
	} as const;
	return onto(input, spec, node.schema);
}

const IDLE_TIMEOUT = "table.exec.source.idle-timeout";
const OWN_IDLE_TIMEOUT = "scan.watermark.idle-timeout";

/** The table's own idle timeout wins over the session's. */
function idleTimeoutMs(node: WatermarkNode, translator: Translator): number {
	let source: PlanNode = node;
	while (inputsOf(source).length === 1) source = inputsOf(source)[0]!;
	const session = sessionOption(translator.options, IDLE_TIMEOUT);
	if (source.kind !== "Scan") return session;
	const own = source.table.options[OWN_IDLE_TIMEOUT];
	if (own === undefined) return session;
	return parseOption(OWN_IDLE_TIMEOUT, own, SESSION_OPTIONS[IDLE_TIMEOUT]) as number;
}
