// Options of the JSON formats, as Flink's.
import { EngineError } from "../../errors.js";
import { type OptionValues, option, readOptions } from "../../types/option.js";

export const JSON_OPTIONS = {
	"fail-on-missing-field": option.boolean({ default: false, doc: "A field that is missing is an error, not NULL." }),
	"ignore-parse-errors": option.boolean({
		default: false,
		doc: "Fields that cannot be read are NULL, lines that cannot be read are skipped.",
	}),
	"timestamp-format.standard": option.enum(["SQL", "ISO-8601"], {
		default: "SQL",
		doc: "SQL: 2020-12-30 12:13:14.123; ISO-8601: 2020-12-30T12:13:14.123. TIMESTAMP_LTZ ends with Z in both.",
	}),
	"map-null-key.mode": option.enum(["FAIL", "DROP", "LITERAL"], {
		default: "FAIL",
		doc: "What to write for NULL keys of maps.",
	}),
	"map-null-key.literal": option.string({ default: "null", doc: "The key written for NULL keys in mode LITERAL." }),
	"encode.decimal-as-plain-number": option.boolean({
		default: false,
		doc: "Writes DECIMALs with all digits of their scale instead of in scientific notation.",
	}),
	"encode.ignore-null-fields": option.boolean({ default: false, doc: "Leaves out fields that are NULL." }),
	"decode.json-parser.enabled": option.boolean({ default: true, doc: "Read but unused: there is one parser." }),
} as const;

export type JsonOptions = OptionValues<typeof JSON_OPTIONS>;

export function jsonOptions(options: Readonly<Record<string, string>>, format: string): JsonOptions {
	const values = readOptions(options, JSON_OPTIONS, { subject: `the '${format}' format` });
	if (values["fail-on-missing-field"] && values["ignore-parse-errors"]) {
		throw new EngineError(
			"INVALID_OPTION",
			"options 'fail-on-missing-field' and 'ignore-parse-errors' cannot both be true",
		);
	}
	return values;
}
