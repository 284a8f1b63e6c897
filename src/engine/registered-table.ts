// Tables over data of this process: rows, Arrow tables and batches, at hand or still to come, as `values` tables of the catalog.
import type { RecordBatch, Table } from "apache-arrow";
import { schemaOfArrow } from "../arrow/arrow-type.js";
import { importBatch } from "../arrow/import.js";
import { isArrowTable, isRecordBatch } from "../arrow/library.js";
import type { Catalog } from "../catalog/catalog.js";
import type { CatalogTable, SchemaAnalyzer } from "../catalog/catalog-object.js";
import { createTableStatement } from "../catalog/relation-definition.js";
import type { BatchChunk, RowChunk, TableHandle } from "../connectors/values.js";
import { EngineError } from "../errors.js";
import { parseStatement } from "../sql/parse.js";
import { type ChangelogMode, ROW_KIND_TEXT, type RowKind, type RowKindText } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { inferredSchema } from "./inferred-schema.js";
import { rowReader } from "./public-input.js";

/** Rows are objects by column name or arrays; with a changelog, `{ kind, row }` as `QueryResult.changes` gives them. */
export type TableRow = object;

export type TableData =
	| Table
	| Iterable<TableRow | RecordBatch>
	| AsyncIterable<TableRow | RecordBatch>
	/** Called anew for each query that reads the table. */
	| (() => Iterable<TableRow | RecordBatch> | AsyncIterable<TableRow | RecordBatch>);

export interface TableOptions {
	/**
	 * What CREATE TABLE has between its parentheses: columns, and WATERMARK and PRIMARY KEY if wanted. Absent: the columns of the
	 * Arrow data, or of the rows at hand.
	 */
	readonly schema?: string;
	/** What the rows mean; default `insert`. */
	readonly changelog?: ChangelogMode;
	/** Whether the data ends by itself; by default only async iterables do not. */
	readonly bounded?: boolean;
}

/** Makes the temporary table `name`; gives its handle. */
export function defineTable(
	catalog: Catalog,
	analyzer: SchemaAnalyzer,
	{ name, data, options, handle }: { name: string; data: TableData; options: TableOptions; handle: string },
): TableHandle {
	const { changelog = "insert" } = options;
	const schemaText = options.schema ?? inferredText(name, data);
	const connector = {
		connector: "values",
		"changelog-mode": changelog,
		bounded: String(options.bounded ?? !isUnending(data)),
		...(isArrowTable(data) && { rows: String(data.numRows) }),
		...(Array.isArray(data) && !hasBatches(data) && { rows: String(data.length) }),
	};
	const withClause = Object.entries(connector).map(([key, value]) => `'${key}' = '${value}'`);
	const sql = `CREATE TEMPORARY TABLE ${quoted(name)} (${schemaText}) WITH (${withClause.join(", ")})`;
	const statement = parseStatement(sql);
	if (statement.kind !== "CreateTable") throw new EngineError("INVALID_ARGUMENT", "`schema` is more than columns");
	createTableStatement(statement, catalog, analyzer);
	const made = catalog.resolveRelation(statement.name) as CatalogTable;
	catalog.putRelation({ ...made, handle });
	return handleOf(made, data, changelog !== "insert");
}

/** Names with dots are paths. */
const quoted = (name: string) =>
	name
		.split(".")
		.map((part) => `\`${part.replaceAll("`", "``")}\``)
		.join(".");

const isUnending = (data: TableData) => typeof data === "object" && Symbol.asyncIterator in data;

const hasBatches = (data: readonly unknown[]) => data.some((item) => isRecordBatch(item));

function inferredText(name: string, data: TableData): string {
	const first = Array.isArray(data) ? (data[0] as unknown) : undefined;
	if (isArrowTable(data)) return schemaText(schemaOfArrow(data.schema));
	if (isRecordBatch(first)) return schemaText(schemaOfArrow(first.schema));
	if (first !== undefined) return schemaText(inferredSchema(data as readonly TableRow[]));
	throw new EngineError("MISSING_OPTION", `the columns of table '${name}' are not known before its data is read`, {
		remedy: "Give `schema`, e.g. { schema: 'id BIGINT, name STRING' }",
	});
}

const schemaText = (schema: Schema) =>
	schema.map(({ name, type }) => `${quotedName(name)} ${typeText(type)}`).join(", ");

const quotedName = (name: string) => `\`${name.replaceAll("`", "``")}\``;

function handleOf(table: CatalogTable, data: TableData, hasKinds: boolean): TableHandle {
	const schema = table.columns.flatMap((item) =>
		item.kind === "physical" ? [{ name: item.name, type: item.type }] : [],
	);
	const read = rowReader(schema, `column of '${table.path[2]}'`);
	const chunkOf = (item: TableRow | RecordBatch): RowChunk | BatchChunk =>
		isRecordBatch(item)
			? { length: item.numRows, build: (region) => importBatch(region, item, schema) }
			: hasKinds
				? changeChunk(item, read)
				: { rows: [read(item)] };
	let isUsed = false;
	return {
		chunks() {
			if (isArrowTable(data)) return data.batches.map(chunkOf);
			if (Array.isArray(data) && !hasKinds && !hasBatches(data)) return [{ rows: data.map(read) }];
			const source = typeof data === "function" ? data() : data;
			const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : undefined;
			if (iterator === undefined) return mapped(source as Iterable<TableRow | RecordBatch>, chunkOf);
			if (isUsed && typeof data !== "function" && (iterator as unknown) === source) throw usedUp(table);
			isUsed = true;
			return mappedAsync(iterator, chunkOf);
		},
	};
}

function usedUp({ path }: CatalogTable): EngineError {
	return new EngineError("CONNECTOR", `the data of table '${path[2]}' was an iterator and has been read`, {
		remedy: "Register a function that makes the iterator, to read the table more than once",
	});
}

function changeChunk(item: object, read: (row: unknown) => RowChunk["rows"][number]): RowChunk {
	const { kind, row } = item as { kind?: RowKindText; row?: unknown };
	const index = ROW_KIND_TEXT.indexOf(kind as RowKindText);
	if (index >= 0) return { rows: [read(row)], kinds: [index as RowKind] };
	throw new EngineError("TYPE_MISMATCH", "a change is not of a known kind", {
		expected: "{ kind: '+I' | '-U' | '+U' | '-D', row }",
	});
}

function* mapped<T, R>(source: Iterable<T>, map: (item: T) => R): Generator<R> {
	for (const item of source) yield map(item);
}

/** Ends the source when the reader stops, even while it waits for the next item. */
function mappedAsync<T, R>(iterator: AsyncIterator<T>, map: (item: T) => R): AsyncIterable<R> {
	const result: AsyncIterator<R> = {
		async next() {
			const next = await iterator.next();
			return next.done ? { done: true, value: undefined } : { done: false, value: map(next.value) };
		},
		async return() {
			void iterator.return?.();
			return { done: true, value: undefined };
		},
	};
	return { [Symbol.asyncIterator]: () => result };
}
