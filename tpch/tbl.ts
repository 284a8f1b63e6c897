// Tables in the text format of the official generator: fields ended by |, lines by a newline.
import type { SourceReader } from "../src/connectors/connector.js";
import { connectorFor } from "../src/connectors/index.js";
import { tableNamed } from "../src/connectors/tpch/tables.js";
import { QUOTING, type TextColumn, textRowsEncoder } from "../src/formats/text-rows.js";
import type { ConnectorTable } from "../src/job/specs.js";
import { BIGINT, notNull } from "../src/types/sql-type.js";
import { Region } from "../src/wasm/region.js";

const BATCH_ROWS = 16_384;
/** Written without decimals. */
const WHOLE = "l_quantity";

export interface TblOptions {
	/** After the last field of a line; default as dbgen has it. */
	readonly lineEnd?: string;
	readonly region?: Region;
}

/** The bytes of a table, piece by piece. */
export async function* tblText(
	name: string,
	scaleFactor: number,
	options: TblOptions = {},
): AsyncGenerator<Uint8Array> {
	const memory = options.region ?? (await Region.create());
	const columns = columnsOf(name);
	const encoder = textRowsEncoder(
		columns.map(
			(column, index): TextColumn => ({
				index,
				type: column.type,
				before: index === 0 ? "" : "|",
				nullText: "",
				quoting: QUOTING.NEVER,
				timeQuoting: QUOTING.NEVER,
				quote: '"',
				separator: " ",
				plainDecimals: true,
				write: String,
			}),
		),
		options.lineEnd ?? "|\n",
	);
	const reader = openTable(name, scaleFactor, memory);
	try {
		const mark = memory.arena.mark();
		for (let batch = reader.next(); batch !== null; batch = reader.next()) {
			if (batch instanceof Promise) throw new Error("the generator never waits");
			// The encoder uses its memory again.
			yield (await encoder.encode(memory, batch)).slice();
			memory.arena.release(mark);
		}
	} finally {
		await reader.close();
	}
}

const columnsOf = (table: string) =>
	tableNamed(table)!.columns.map(({ name, type }) => ({ name, type: name === WHOLE ? notNull(BIGINT) : type }));

function openTable(name: string, scaleFactor: number, region: Region): SourceReader {
	const columns = columnsOf(name);
	const table: ConnectorTable = {
		path: ["default_catalog", "default_database", name],
		connector: "tpch",
		options: { connector: "tpch", "scale-factor": String(scaleFactor) },
		columns,
		partitionKeys: [],
	};
	return connectorFor("tpch").source!.open({
		region,
		table,
		handles: new Map(),
		subtask: 0,
		parallelism: 1,
		signal: new AbortController().signal,
		timeZone: "UTC",
		now: Date.now,
		projection: columns.map((_, index) => [index]),
		filters: [],
		batchRows: BATCH_ROWS,
	});
}
