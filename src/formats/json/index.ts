// The formats `json` and `debezium-json`: one JSON object per line.
import { type OptionDescriptions, option } from "../../types/option.js";
import { format } from "../format.js";
import { JSON_OPTIONS } from "./options.js";

export const json = format(
	{ name: "json", doc: "One JSON object per line.", options: JSON_OPTIONS, changelog: "insert" },
	async () => (await import("./codec.js")).json,
);

const DEBEZIUM_OPTIONS = {
	"schema-include": option.boolean({ default: false, doc: "Messages are wrapped in { schema, payload }." }),
	"ignore-parse-errors": JSON_OPTIONS["ignore-parse-errors"],
	"timestamp-format.standard": JSON_OPTIONS["timestamp-format.standard"],
	"map-null-key.mode": JSON_OPTIONS["map-null-key.mode"],
	"map-null-key.literal": JSON_OPTIONS["map-null-key.literal"],
	"encode.decimal-as-plain-number": JSON_OPTIONS["encode.decimal-as-plain-number"],
	"encode.ignore-null-fields": JSON_OPTIONS["encode.ignore-null-fields"],
} satisfies OptionDescriptions;

export const debeziumJson = format(
	{
		name: "debezium-json",
		doc: "Changes of database rows as Debezium writes them: one JSON object { before, after, op } per line.",
		options: DEBEZIUM_OPTIONS,
		changelog: "retract",
	},
	async () => (await import("./codec.js")).debeziumJson,
);
