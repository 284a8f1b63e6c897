// Reads and writes tables through their connectors the way a task would.

import { batchKinds, batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import type { Handles, SinkContext, SourceContext, SourceReader } from "../../src/connectors/connector.js";
import { formatOf } from "../../src/connectors/format-options.js";
import { checkTable } from "../../src/connectors/index.js";
import type { ColumnPath, ConnectorTable } from "../../src/job/specs.js";
import { ROW_KIND_TEXT, type RowKind } from "../../src/types/row-kind.js";
import type { Row } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import { schemaOf } from "../formats/decode.js";

export interface TableOptions {
	readonly partitionKeys?: readonly string[];
	readonly handle?: string;
	/** Names of columns that are metadata → key. */
	readonly metadata?: Readonly<Record<string, string>>;
}

/** A table as CREATE TABLE would make it. */
export function table(columns: string, options: Record<string, string>, more: TableOptions = {}): ConnectorTable {
	return {
		path: ["default_catalog", "default_database", "t"],
		connector: options.connector!,
		options,
		columns: schemaOf(columns).map((field) => ({ ...field, metadata: more.metadata?.[field.name] })),
		partitionKeys: more.partitionKeys ?? [],
		...(more.handle === undefined ? {} : { handle: more.handle }),
	};
}

const common = (region: Region, of: ConnectorTable, handles: Handles) => ({
	region,
	table: of,
	handles,
	subtask: 0,
	parallelism: 1,
	signal: new AbortController().signal,
	timeZone: "UTC",
	now: () => Date.now(),
});

export type ReadOptions = Partial<SourceContext> & { readonly select?: readonly string[] };

const everything = (of: ConnectorTable): ColumnPath[] => of.columns.map((_, index) => [index]);

export async function openReader(of: ConnectorTable, options: ReadOptions = {}) {
	const { select, ...context } = options;
	const region = context.region ?? (await Region.create({ build: "debug" }));
	const projection = select?.map((name) => [of.columns.findIndex((column) => column.name === name)]) ?? everything(of);
	const connector = checkTable(of);
	await Promise.all([connector.load?.(), connector.formats && formatOf(of).load()]);
	const reader = connector.source!.open({
		...common(region, of, context.handles ?? new Map()),
		projection,
		filters: [],
		batchRows: 4096,
		...context,
		region,
	});
	return { region, reader };
}

/** Up to `batches` batches of a reader as rows. */
export async function take(region: Region, reader: SourceReader, batches = Number.POSITIVE_INFINITY) {
	const rows: Row[] = [];
	const kinds: string[] = [];
	for (let count = 0; count < batches; ) {
		const mark = region.arena.mark();
		const next = reader.next();
		if (next === null) break;
		if (next instanceof Promise) {
			await next;
			continue;
		}
		rows.push(...batchToRows(region, next));
		kinds.push(...batchKinds(region, next).map((kind) => ROW_KIND_TEXT[kind]));
		region.arena.release(mark);
		count++;
	}
	return { rows, kinds };
}

/** All rows of a table; nothing may be left in memory. */
export async function read(of: ConnectorTable, options: ReadOptions = {}) {
	const { region, reader } = await openReader(of, options);
	try {
		return await take(region, reader);
	} finally {
		await reader.close();
	}
}

export interface WriteOptions extends Partial<Omit<SinkContext, "region">> {
	/** Ends without `finish`, as a failed job does. */
	readonly fails?: boolean;
	/** Watermark at the commit; absent: the end of the job. */
	readonly watermark?: number;
}

/** Writes batches of rows with one subtask and commits. */
export async function write(
	to: ConnectorTable,
	batches: readonly (readonly Row[])[],
	{ fails, watermark, ...options }: WriteOptions = {},
	kinds?: readonly RowKind[],
): Promise<void> {
	const region = await Region.create({ build: "debug" });
	const connector = checkTable(to);
	const { sink } = connector;
	await Promise.all([connector.load?.(), connector.formats && formatOf(to).load()]);
	const schema = to.columns.map(({ name, type }) => ({ name, type }));
	const context: SinkContext = {
		...common(region, to, new Map()),
		schema,
		overwrite: false,
		staticPartition: {},
		...options,
	};
	const writer = sink!.open(context);
	for (const rows of batches) await writer.write(rowsToBatch(region, schema, rows, kinds));
	const committable = fails ? undefined : await writer.finish();
	await writer.close();
	const info = { watermark: watermark ?? Number.MAX_SAFE_INTEGER, final: watermark === undefined };
	if (!fails) await sink!.committer?.(context).commit([committable], info);
}
