// Options of the datagen connector, as Flink's, and which of them each type of field takes.
import { EngineError, nearestName } from "../../errors.js";
import type { ConnectorTable } from "../../job/specs.js";
import { type OptionDescription, option, parseOption, readOptions } from "../../types/option.js";
import { isInterval, isNested, isNumeric, isTimestamp, type SqlType } from "../../types/sql-type.js";

const FIELD_OPTIONS = {
	kind: option.enum(["random", "sequence"], { default: "random", doc: "How values are made." }),
	min: option.string({ doc: "Smallest random number; default: the type's." }),
	max: option.string({ doc: "Largest random number; default: the type's." }),
	"max-past": option.duration({ default: 0, doc: "How long before now random timestamps may lie." }),
	length: option.integer({ min: 1, doc: "Length of texts (default 100), bytes (100) and collections (3)." }),
	"var-len": option.boolean({ default: false, doc: "Texts and bytes of length 1 to `length`." }),
	"null-rate": option.double({ default: 0, min: 0, max: 1, doc: "Share of NULLs." }),
	start: option.string({ doc: "First value of a sequence." }),
	end: option.string({ doc: "Last value of a sequence; the source ends after it." }),
} as const;

export type FieldOption = keyof typeof FIELD_OPTIONS;

export const DATAGEN_OPTIONS = {
	"rows-per-second": option.integer({ default: 10_000, min: 1, doc: "Rows of all subtasks together." }),
	"number-of-rows": option.integer({ min: 0, doc: "Rows of all subtasks together; absent: without end." }),
	...(Object.fromEntries(
		Object.entries(FIELD_OPTIONS).map(([name, description]) => [`fields.#.${name}`, description]),
	) as { readonly [K in FieldOption as `fields.#.${K}`]: OptionDescription }),
};

export function datagenOptions(table: ConnectorTable) {
	return readOptions(table.options, DATAGEN_OPTIONS, { subject: "the 'datagen' connector" });
}

/** The options of the field at a path (`a`, `r.x`, `list.element`), read by name; remembers which were asked for. */
export class FieldOptions {
	readonly #table: ConnectorTable;
	readonly #known: Set<string>;
	readonly path: string;

	constructor(table: ConnectorTable, path = "", known = new Set<string>()) {
		this.#table = table;
		this.path = path;
		this.#known = known;
	}

	child(name: string): FieldOptions {
		return new FieldOptions(this.#table, this.path === "" ? name : `${this.path}.${name}`, this.#known);
	}

	get<T>(name: FieldOption, otherwise: T): T {
		const key = `fields.${this.path}.${name}`;
		this.#known.add(key);
		const text = this.#table.options[key];
		return text === undefined ? otherwise : (parseOption(key, text, FIELD_OPTIONS[name]) as T);
	}

	/** An option without which the field cannot be made. */
	need(name: FieldOption): string {
		const text = this.get<string | undefined>(name, undefined);
		if (text !== undefined) return text;
		throw new EngineError("MISSING_OPTION", `a sequence needs the option 'fields.${this.path}.${name}'`);
	}

	refuse(name: FieldOption, text: string, expected: string): never {
		throw new EngineError("INVALID_OPTION", `option 'fields.${this.path}.${name}' cannot be '${text}'`, { expected });
	}

	/** Refuses options of fields that are not there or do not take them; call when all fields have been made. */
	checkAll(): void {
		for (const name of Object.keys(this.#table.options)) {
			if (!name.startsWith("fields.") || this.#known.has(name)) continue;
			const near = nearestName(name, this.#known);
			throw new EngineError("UNKNOWN_OPTION", `no field of the table takes the option '${name}'`, {
				expected: `one of ${[...this.#known].sort().join(", ")}`,
				...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
			});
		}
	}
}

/** What random values of a type are made from. */
export type Family = "number" | "text" | "bytes" | "boolean" | "instant" | "now" | "interval" | "nested";

export function familyOf(type: SqlType): Family | undefined {
	if (isNumeric(type)) return "number";
	if (isTimestamp(type)) return "instant";
	if (isInterval(type)) return "interval";
	if (isNested(type)) return "nested";
	switch (type.kind) {
		case "CHAR":
		case "VARCHAR":
			return "text";
		case "BINARY":
		case "VARBINARY":
			return "bytes";
		case "BOOLEAN":
			return "boolean";
		case "DATE":
		case "TIME":
			return "now";
		default:
			return undefined;
	}
}
