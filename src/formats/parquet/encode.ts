// Rows → Parquet: row groups are collected as values, then encoded by the library.
import type { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Column } from "../../arrow/batch.js";
import { readColumn } from "../../arrow/values.js";
import { type EncodeContext, type Encoder, writtenFields } from "../format.js";
import { parquetValue, schemaElements } from "./schema.js";

const ROW_GROUP_ROWS = 1 << 16;

export type ParquetCodec = "SNAPPY" | "UNCOMPRESSED";

export function parquetEncoder(context: EncodeContext, codec: ParquetCodec): Encoder {
	const fields = writtenFields(context);
	const schema = schemaElements(fields);
	const converts = fields.map(({ type }) => parquetValue(type));
	let columns: unknown[][] = fields.map(() => []);
	let rows = 0;
	let output: Output | undefined;

	const writeGroup = async () => {
		const { ParquetWriter, ByteWriter } = await import("hyparquet-writer");
		if (!output) {
			const bytes = new ByteWriter();
			output = { bytes, writer: new ParquetWriter({ writer: bytes, schema, codec }) };
		}
		const columnData = columns.map((data, i) => ({ name: fields[i]!.name, data }));
		columns = fields.map(() => []);
		if (rows > 0) await output.writer.write({ columnData, rowGroupSize: ROW_GROUP_ROWS * 2 });
		rows = 0;
		return output;
	};

	return {
		encode(region, batch) {
			for (const [i, index] of context.columns.entries()) {
				const values = readColumn(region, batch.columns[index] as Column, batch.length);
				for (const value of values) columns[i]!.push(converts[i]!(value));
			}
			rows += batch.length;
			return rows < ROW_GROUP_ROWS ? new Uint8Array() : writeGroup().then(taken);
		},
		async finish() {
			const { writer, bytes } = await writeGroup();
			await writer.finish();
			return taken({ bytes, writer });
		},
	};
}

interface Output {
	readonly bytes: ByteWriter;
	readonly writer: ParquetWriter;
}

/** The bytes since the last call. */
function taken({ bytes }: Output): Uint8Array {
	const found = bytes.getBytes().slice();
	bytes.index = 0;
	return found;
}
