// Tables that lookup joins read: static ones are read whole before the job starts, and looked up by key from then on.
import type { LookupFunction } from "../baseline/context.js";
import { connectorFor } from "../connectors/index.js";
import { EngineError } from "../errors.js";
import type { JobVertex } from "../job/job-graph.js";
import type { LookupJoinSpec } from "../job/specs.js";
import { keyText } from "../types/compare.js";
import type { Row } from "../types/value.js";
import { Region } from "../wasm/region.js";
import { readRows } from "./baseline-job.js";
import type { RunRequest } from "./job-runner.js";

/** By vertex id of the LookupJoin. */
export type LookupTables = ReadonlyMap<number, LookupFunction>;

export async function prepareLookups(request: RunRequest): Promise<LookupTables> {
	const tables = new Map<number, LookupFunction>();
	for (const vertex of request.graph.vertices) {
		if (vertex.spec.operator === "LookupJoin") tables.set(vertex.id, await readWhole(vertex, vertex.spec, request));
	}
	return tables;
}

async function readWhole(vertex: JobVertex, spec: LookupJoinSpec, request: RunRequest): Promise<LookupFunction> {
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
		batchRows: 4096,
	});
	const types = vertex.schema.slice(spec.leftWidth).map((field) => field.type);
	const keyTypes = spec.rightKeys.map((key) => types[key]!);
	const rows = new Map<string, Row[]>();
	try {
		for await (const batch of readRows(region, reader)) {
			for (const row of batch.rows) {
				const key = keyText(
					spec.rightKeys.map((column) => row[column]!),
					keyTypes,
				);
				const found = rows.get(key);
				if (found) found.push(row);
				else rows.set(key, [row]);
			}
		}
	} finally {
		await reader.close();
	}
	return (key) => rows.get(keyText(key, keyTypes)) ?? [];
}
