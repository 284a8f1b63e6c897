// Reads the nexmark connector the way a task would, and prints events as the golden files have them.
import { createHash } from "node:crypto";
import type { Batch } from "../../src/arrow/batch.js";
import { readColumn } from "../../src/arrow/values.js";
import type { SourceContext, SourceReader } from "../../src/connectors/connector.js";
import { connectorFor } from "../../src/connectors/index.js";
import type { ColumnPath, ConnectorTable } from "../../src/job/specs.js";
import { BIGINT, INTEGER, row, STRING, timestamp } from "../../src/types/sql-type.js";
import { Region } from "../../src/wasm/region.js";

const field = (name: string, type = STRING as Parameters<typeof row>[0][number]["type"]) => ({ name, type });
const TIME = timestamp(3);

export const PERSON = row([
	field("id", BIGINT),
	...["name", "emailAddress", "creditCard", "city", "state"].map((name) => field(name)),
	field("dateTime", TIME),
	field("extra"),
]);
export const AUCTION = row([
	field("id", BIGINT),
	field("itemName"),
	field("description"),
	field("initialBid", BIGINT),
	field("reserve", BIGINT),
	field("dateTime", TIME),
	field("expires", TIME),
	field("seller", BIGINT),
	field("category", BIGINT),
	field("extra"),
]);
export const BID = row([
	...["auction", "bidder", "price"].map((name) => field(name, BIGINT)),
	field("channel"),
	field("url"),
	field("dateTime", TIME),
	field("extra"),
]);
const EVENTS = [PERSON, AUCTION, BID];

export const datagen = (options: Record<string, string>): ConnectorTable => ({
	path: ["default_catalog", "default_database", "datagen"],
	connector: "nexmark",
	options: { connector: "nexmark", ...options },
	columns: [field("event_type", INTEGER), field("person", PERSON), field("auction", AUCTION), field("bid", BID)],
	partitionKeys: [],
});

/** event_type, then every field of every event. */
export const ALL_PATHS: readonly ColumnPath[] = [
	[0],
	...EVENTS.flatMap(({ fields }, event) => fields.map((_, index) => [event + 1, index])),
];

export const context = (
	region: Region,
	table: ConnectorTable,
	more: Partial<SourceContext> & Pick<SourceContext, "projection">,
): SourceContext => ({
	region,
	table,
	handles: new Map(),
	subtask: 0,
	parallelism: 1,
	signal: new AbortController().signal,
	timeZone: "UTC",
	now: () => Date.now(),
	filters: [],
	batchRows: 4096,
	...more,
});

await connectorFor("nexmark").load?.();

export function open(table: ConnectorTable, sourceContext: SourceContext): SourceReader {
	return connectorFor(table.connector).source!.open(sourceContext);
}

/** Calls `see` with every batch and releases it; the source must never wait. */
export function drain(region: Region, reader: SourceReader, see: (batch: Batch) => void): void {
	for (;;) {
		const mark = region.arena.mark();
		const batch = reader.next();
		if (batch === null) break;
		if (batch instanceof Promise) throw new Error("the source waits");
		see(batch);
		region.arena.release(mark);
	}
	reader.close();
}

/** The values of all rows, column by column. */
export async function columnsOf(
	options: Record<string, string>,
	more: Partial<SourceContext> & Pick<SourceContext, "projection">,
): Promise<unknown[][]> {
	const region = await Region.create();
	const table = datagen(options);
	const columns: unknown[][] = more.projection.map(() => []);
	drain(region, open(table, context(region, table, more)), (batch) => {
		for (const [i, column] of batch.columns.entries()) {
			columns[i]!.push(...readColumn(region, column, batch.length));
		}
	});
	return columns;
}

/** Lines of a batch of ALL_PATHS: the event's letter and its fields, tab-separated, times as epoch ms. */
export function linesOf(region: Region, batch: Batch): string[] {
	const columns = batch.columns.map((column) => readColumn(region, column, batch.length));
	const starts = [1, 9, 19, 26];
	return columns[0]!.map((type, i) => {
		const event = type as number;
		let line = "PAB"[event] as string;
		for (let c = starts[event]!; c < starts[event + 1]!; c++) line += `\t${columns[c]![i]}`;
		return line;
	});
}

/** SHA-256 of the lines of all events. */
export async function hashOf(options: Record<string, string>): Promise<string> {
	const region = await Region.create();
	const table = datagen({ "generator.mode": "stream", ...options });
	const hash = createHash("sha256");
	drain(region, open(table, context(region, table, { projection: ALL_PATHS })), (batch) => {
		hash.update(`${linesOf(region, batch).join("\n")}\n`);
	});
	return hash.digest("hex");
}
