// The formats by name. Registering one is one line in `FORMATS`.
import { EngineError, nearestName } from "../errors.js";
import { arrow } from "./arrow/index.js";
import { csv } from "./csv/index.js";
import type { Format } from "./format.js";
import { canalJson, debeziumJson, json, maxwellJson, oggJson } from "./json/index.js";
import { parquet } from "./parquet/index.js";
import { raw } from "./raw/index.js";

const FORMATS: readonly Format[] = [json, csv, debeziumJson, canalJson, maxwellJson, oggJson, raw, arrow, parquet];

const byName = new Map(FORMATS.map((format) => [format.name, format]));

export const formatNames = (): readonly string[] => [...byName.keys()].sort();

/** The format called `name`; UNKNOWN_OBJECT with the nearest name otherwise. */
export function formatFor(name: string): Format {
	const format = byName.get(name);
	if (format) return format;
	const near = nearestName(name, byName.keys());
	throw new EngineError("UNKNOWN_OBJECT", `there is no format '${name}'`, {
		expected: `one of ${formatNames().join(", ")}`,
		...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
	});
}
