// The formats of JSON lines: plain rows, and changes of rows as tools for change data capture write them.
import { type OptionDescriptions, option } from "../../types/option.js";
import { type Format, type FormatCode, format } from "../format.js";
import { JSON_OPTIONS } from "./options.js";

type Codec = typeof import("./codec.js");

export const json = format(
	{ name: "json", doc: "One JSON object per line.", options: JSON_OPTIONS, changelog: "insert" },
	async () => (await import("./codec.js")).json,
);

const CHANGE_OPTIONS = {
	"ignore-parse-errors": JSON_OPTIONS["ignore-parse-errors"],
	"timestamp-format.standard": JSON_OPTIONS["timestamp-format.standard"],
	"map-null-key.mode": JSON_OPTIONS["map-null-key.mode"],
	"map-null-key.literal": JSON_OPTIONS["map-null-key.literal"],
	"encode.decimal-as-plain-number": JSON_OPTIONS["encode.decimal-as-plain-number"],
	"encode.ignore-null-fields": JSON_OPTIONS["encode.ignore-null-fields"],
} satisfies OptionDescriptions;

function changes(name: string, doc: string, own: OptionDescriptions, code: (codec: Codec) => FormatCode): Format {
	const options = { ...own, ...CHANGE_OPTIONS };
	return format({ name, doc, options, changelog: "retract" }, async () => code(await import("./codec.js")));
}

export const debeziumJson = changes(
	"debezium-json",
	"Changes of database rows as Debezium writes them: one JSON object { before, after, op } per line.",
	{ "schema-include": option.boolean({ default: false, doc: "Messages are wrapped in { schema, payload }." }) },
	(codec) => codec.debeziumJson,
);

export const canalJson = changes(
	"canal-json",
	"Changes of database rows as Canal writes them: one JSON object { data, old, type } per line, with several rows in `data`.",
	{
		"database.include": option.string({ doc: "Reads only changes of databases whose whole name matches the pattern." }),
		"table.include": option.string({ doc: "Reads only changes of tables whose whole name matches the pattern." }),
	},
	(codec) => codec.canalJson,
);

export const maxwellJson = changes(
	"maxwell-json",
	"Changes of database rows as Maxwell writes them: one JSON object { data, old, type } per line.",
	{},
	(codec) => codec.maxwellJson,
);

export const oggJson = changes(
	"ogg-json",
	"Changes of database rows as Oracle GoldenGate writes them: one JSON object { before, after, op_type } per line.",
	{},
	(codec) => codec.oggJson,
);
