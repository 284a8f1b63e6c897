// Sink: decides from the connector's mode and the keys whether rows go out as inserts, by key, or with the rows that they replace.
import { EngineError } from "../../errors.js";
import { sessionOption } from "../../job/session-options.js";
import type { ConnectorTable } from "../../job/specs.js";
import type { SinkNode } from "../../plan/nodes.js";
import type { ChangelogMode } from "../../types/row-kind.js";
import { ANY, type Distribution, hashBy, onto, type PhysicalNode, SINGLE } from "../physical-node.js";
import { isUpdating } from "../row-kinds.js";
import type { Translator } from "./translator.js";

export function translateSink(node: SinkNode, translator: Translator): PhysicalNode {
	const input = translator.input(node.input);
	const upsertKey = upsertKeyOf(node, input, translator);
	const { table, overwrite, staticPartition, notNull } = node;
	const dropsNulls = sessionOption(translator.options, "table.exec.sink.not-null-enforcer") === "DROP";
	const spec = { operator: "Sink", table, overwrite, staticPartition, notNull, dropsNulls, upsertKey } as const;
	return onto(input, spec, node.schema, distributionOf(node, input, upsertKey));
}

/** Results are collected by one subtask; changes of one key reach one subtask. */
function distributionOf(node: SinkNode, input: PhysicalNode, upsertKey: readonly number[] | undefined): Distribution {
	if (node.table === undefined) return SINGLE;
	return upsertKey !== undefined && isUpdating(input.kinds) ? hashBy(upsertKey) : ANY;
}

function upsertKeyOf(node: SinkNode, input: PhysicalNode, translator: Translator): readonly number[] | undefined {
	const { table } = node;
	if (table === undefined) return undefined;
	const mode = (translator.sinkMode ?? modeByName)(table);
	if (mode === "insert" && isUpdating(input.kinds)) refuseChanges(table, input);
	if (mode !== "upsert") return undefined;
	const primaryKey = table.primaryKey;
	if (primaryKey === undefined) return input.upsertKeys[0];
	const identified = input.upsertKeys.some((key) => key.every((column) => primaryKey.includes(column)));
	return identified || !isUpdating(input.kinds) ? primaryKey : undefined;
}

function modeByName({ connector, options }: ConnectorTable): ChangelogMode {
	if (connector === "blackhole" || connector.startsWith("upsert-")) return "upsert";
	const format = options.format ?? "";
	if (connector === "filesystem" || connector === "kafka")
		return /debezium|canal|maxwell|ogg/.test(format) ? "retract" : "insert";
	return "retract";
}

function refuseChanges(table: ConnectorTable, input: PhysicalNode): never {
	const changes = input.kinds.update ? "update" : "delete";
	throw new EngineError(
		"UNSUPPORTED",
		`Table sink '${table.path.join(".")}' doesn't support consuming ${changes} changes which is produced by node ${input.spec.operator}`,
		{ remedy: "Write to a connector that takes changes, or aggregate in windows so that rows are final" },
	);
}
