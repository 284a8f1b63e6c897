// Options of the CSV format, as Flink's.
import { EngineError } from "../../errors.js";
import { option, readOptions } from "../../types/option.js";

export const CSV_OPTIONS = {
	"field-delimiter": option.string({ default: ",", doc: "One character between fields; \\t is a tab." }),
	"disable-quote-character": option.boolean({ default: false, doc: "Quotes mean nothing." }),
	"quote-character": option.string({ default: '"', doc: "One character around fields that hold delimiters." }),
	"allow-comments": option.boolean({ default: false, doc: "Lines that begin with # are skipped." }),
	"ignore-parse-errors": option.boolean({
		default: false,
		doc: "Fields that cannot be read or are missing are NULL, lines that cannot be read are skipped.",
	}),
	"array-element-delimiter": option.string({ default: ";", doc: "Between the elements of an ARRAY or ROW." }),
	"escape-character": option.string({ doc: "One character that takes the next one's meaning away." }),
	"null-literal": option.string({ doc: "What stands for NULL." }),
	"write-bigdecimal-in-scientific-notation": option.boolean({
		default: true,
		doc: "Writes DECIMALs in the shortest form, which may be scientific.",
	}),
} as const;

export interface CsvOptions {
	readonly delimiter: string;
	/** Undefined: quotes mean nothing. */
	readonly quote: string | undefined;
	readonly escapeChar: string | undefined;
	readonly comments: boolean;
	readonly ignoreErrors: boolean;
	readonly elementDelimiter: string;
	readonly nullLiteral: string | undefined;
	readonly plainDecimals: boolean;
}

export function csvOptions(text: Readonly<Record<string, string>>): CsvOptions {
	const options = readOptions(text, CSV_OPTIONS, { subject: "the 'csv' format" });
	return {
		delimiter: oneCharacter("field-delimiter", options["field-delimiter"]),
		quote: options["disable-quote-character"] ? undefined : oneCharacter("quote-character", options["quote-character"]),
		escapeChar: options["escape-character"] && oneCharacter("escape-character", options["escape-character"]),
		comments: options["allow-comments"],
		ignoreErrors: options["ignore-parse-errors"],
		elementDelimiter: unescaped(options["array-element-delimiter"]),
		nullLiteral: options["null-literal"],
		plainDecimals: !options["write-bigdecimal-in-scientific-notation"],
	};
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", "\\": "\\" };

/** Java escapes, so that '\t' can be written in SQL. */
const unescaped = (text: string) =>
	text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (whole, hex: string | undefined, char: string | undefined) =>
		hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (ESCAPES[char as string] ?? whole),
	);

function oneCharacter(name: string, text: string): string {
	const char = unescaped(text);
	if (char.length === 1) return char;
	throw new EngineError("INVALID_OPTION", `option '${name}' cannot be '${text}'`, { expected: "one character" });
}
