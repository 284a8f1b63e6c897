// Tables that lookup joins read: static ones are read whole before the job starts, and looked up by key from then on.
import { BATCH_ROWS } from "../arrow/batch.js";
import type { LookupFunction } from "../baseline/context.js";
import { connectorFor } from "../connectors/index.js";
import { EngineError } from "../errors.js";
import type { JobVertex } from "../job/job-graph.js";
import type { LookupJoinSpec } from "../job/specs.js";
import { keyText } from "../types/compare.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import { Region } from "../wasm/region.js";
import type { RunRequest } from "./job-runner.js";
import { readRows } from "./read-rows.js";

export interface LookupTable {
	/** Columns of the looked-up rows. */
	readonly schema: Schema;
	readonly rows: readonly Row[];
	/** The rows of a key. */
	readonly lookup: LookupFunction;
}

type LookupRequest = Pick<RunRequest, "graph" | "handles" | "signal" | "now">;

/** By vertex id of the LookupJoin. */
export type LookupTables = ReadonlyMap<number, LookupTable>;

export async function prepareLookups(request: LookupRequest): Promise<LookupTables> {
	const tables = new Map<number, LookupTable>();
	for (const vertex of request.graph.vertices) {
		if (vertex.spec.operator === "LookupJoin") tables.set(vertex.id, await readWhole(vertex, vertex.spec, request));
	}
	return tables;
}

async function readWhole(vertex: JobVertex, spec: LookupJoinSpec, request: LookupRequest): Promise<LookupTable> {
	const { table } = spec;
	const connector = connectorFor(table.connector);
	if (connector.lookup?.kind !== "scan" || !connector.source) {
		throw new EngineError("UNSUPPORTED", `the '${connector.name}' connector cannot be looked up by key`, {
			operator: "LookupJoin",
			remedy: "Join a 'filesystem' table, or leave out FOR SYSTEM_TIME AS OF",
		});
	}
	const region = await Region.create();
	const reader = connector.source.open({
		region,
		table,
		handles: request.handles,
		signal: request.signal,
		subtask: 0,
		parallelism: 1,
		timeZone: request.graph.context.timeZone,
		now: request.now ?? Date.now,
		projection: spec.projection,
		filters: [],
		batchRows: BATCH_ROWS,
	});
	const schema = vertex.schema.slice(spec.leftWidth);
	const rows: Row[] = [];
	try {
		for await (const batch of readRows(region, reader)) rows.push(...batch.rows);
	} finally {
		await reader.close();
	}
	return { schema, rows, lookup: lookupIn(rows, spec.rightKeys, schema) };
}

function lookupIn(rows: readonly Row[], keys: readonly number[], schema: Schema): LookupFunction {
	const types = keys.map((key) => schema[key]!.type);
	const byKey = new Map<string, Row[]>();
	for (const row of rows) {
		const key = keyText(
			keys.map((column) => row[column]!),
			types,
		);
		const found = byKey.get(key);
		if (found) found.push(row);
		else byKey.set(key, [row]);
	}
	return (key) => byKey.get(keyText(key, types)) ?? [];
}
