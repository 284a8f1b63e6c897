// What of a file the library hyparquet-writer writes: headers, the footer, and chunks of nested columns.
import type { ColumnChunk, CompressionCodec, FileMetaData, PageHeader, SchemaElement } from "hyparquet";
import type * as Writer from "hyparquet-writer";
import type * as DataPage from "hyparquet-writer/src/datapage.js";
import type * as Metadata from "hyparquet-writer/src/metadata.js";

interface Library {
	readonly writer: typeof Writer;
	readonly pages: typeof DataPage;
	readonly metadata: typeof Metadata;
}

let loaded: Library | undefined;

/** Call before anything else. */
export async function loadParquetWriter(): Promise<void> {
	if (loaded) return;
	const [writer, pages, metadata] = await Promise.all([
		import("hyparquet-writer"),
		import("hyparquet-writer/src/datapage.js"),
		import("hyparquet-writer/src/metadata.js"),
	]);
	loaded = { writer, pages, metadata };
}

function library(): Library {
	if (loaded === undefined) throw new Error("hyparquet-writer is used before it is loaded");
	return loaded;
}

export const MAGIC = new Uint8Array([0x50, 0x41, 0x52, 0x31]);

export function pageHeader(header: PageHeader): Uint8Array {
	const { writer, pages } = library();
	const bytes = new writer.ByteWriter();
	pages.writePageHeader(bytes, header);
	return bytes.getBytes();
}

/** Bytes of a text that the bounds of a chunk keep. */
const BOUND_BYTES = 64;

/** All that follows the row groups. */
export function footer(metadata: Pick<FileMetaData, "schema" | "num_rows" | "row_groups">): Uint8Array {
	const { writer, metadata: library_ } = library();
	const bytes = new writer.ByteWriter();
	const file = { version: 2, created_by: "millrace", ...metadata } as FileMetaData;
	library_.writeMetadata(bytes, file, BOUND_BYTES);
	bytes.appendBytes(MAGIC);
	return bytes.getBytes();
}

export interface LibraryChunks {
	readonly bytes: Uint8Array;
	readonly chunks: readonly ColumnChunk[];
}

/** The chunks of a nested column, to stand at `offset`. `elements`: the column's part of the schema. */
export function libraryChunks(
	elements: readonly SchemaElement[],
	values: unknown[],
	codec: CompressionCodec,
	offset: number,
): LibraryChunks {
	const { writer } = library();
	const bytes = new writer.ByteWriter();
	const schema: SchemaElement[] = [{ name: "root", num_children: 1 }, ...elements];
	const file = new writer.ParquetWriter({ writer: bytes, schema, codec });
	const before = bytes.index;
	bytes.offset = offset;
	const name = (elements[0] as SchemaElement).name;
	file.write({ columnData: [{ name, data: values, offsetIndex: false }], rowGroupSize: Math.max(1, values.length) });
	const { row_groups } = file as unknown as Pick<FileMetaData, "row_groups">;
	return { bytes: bytes.getBytes().subarray(before), chunks: row_groups.flatMap(({ columns }) => columns) };
}
