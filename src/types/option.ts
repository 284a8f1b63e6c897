// Options as key–value text (WITH clauses, SET): declared once with type, default and documentation, parsed as Flink parses them.
import { EngineError, nearestName } from "../errors.js";

/** `duration` gives milliseconds, `memory` bytes. */
export type OptionType = "string" | "boolean" | "integer" | "double" | "duration" | "memory" | "enum" | "list";

export interface OptionDescription<T = unknown> {
	readonly type: OptionType;
	readonly doc: string;
	readonly required: boolean;
	readonly default: T;
	/** The values of an enum, as documented; matched without regard to case. */
	readonly values?: readonly string[];
	readonly min?: number;
	readonly max?: number;
}

/**
 * By name. A name may hold `#` (one name segment, which may itself be a path such as `f.g`) or end in `*` (anything): such an
 * option is a family, read with `optionFamily`.
 */
export type OptionDescriptions = Readonly<Record<string, OptionDescription>>;

export type OptionValues<D extends OptionDescriptions> = {
	readonly [K in keyof D]: D[K] extends OptionDescription<infer T> ? T : never;
};

interface Details<T> {
	readonly doc: string;
	readonly default?: T;
	readonly min?: number;
	readonly max?: number;
}

type Declared<T, P extends Details<T>> = OptionDescription<P extends { readonly default: T } ? T : T | undefined>;

function declare<T>(type: OptionType) {
	return <P extends Details<T>>(details: P): Declared<T, P> =>
		({ required: false, default: undefined, ...details, type }) as unknown as Declared<T, P>;
}

/** Constructors of descriptions: `option.duration({ default: 1000, doc: "…" })`. Without a default the value may be undefined. */
export const option = {
	string: declare<string>("string"),
	boolean: declare<boolean>("boolean"),
	integer: declare<number>("integer"),
	double: declare<number>("double"),
	duration: declare<number>("duration"),
	memory: declare<number>("memory"),
	/** Values separated by semicolons. */
	list: declare<readonly string[]>("list"),
	enum: <const V extends string>(values: readonly V[], details: { readonly doc: string; readonly default: V }) =>
		({ required: false, ...details, type: "enum", values }) as OptionDescription<V>,
	/** The same option, without which the table is refused. */
	required: <T>(description: OptionDescription<T>): OptionDescription<NonNullable<T>> =>
		({ ...description, required: true }) as OptionDescription<NonNullable<T>>,
};

/** Whose options are read, for messages: `the 'filesystem' connector`. */
export interface OptionOwner {
	readonly subject: string;
}

/** The values of all declared options, defaults filled in. Options that are not declared are ignored: see `checkOptionNames`. */
export function readOptions<D extends OptionDescriptions>(
	options: Readonly<Record<string, string>>,
	descriptions: D,
	{ subject }: OptionOwner,
): OptionValues<D> {
	const values: Record<string, unknown> = {};
	for (const [name, description] of Object.entries(descriptions)) {
		if (isFamily(name)) continue;
		const text = options[name];
		if (text === undefined && description.required) {
			throw new EngineError("MISSING_OPTION", `${subject} needs the option '${name}'`, {
				expected: description.doc,
				remedy: `Add '${name}' = '…' to the WITH clause`,
			});
		}
		values[name] = text === undefined ? description.default : parseOption(name, text, description);
	}
	return values as OptionValues<D>;
}

/** The options of a family: what `#` or `*` stands for → value. */
export function optionFamily(
	options: Readonly<Record<string, string>>,
	family: string,
	description: OptionDescription,
): ReadonlyMap<string, unknown> {
	const pattern = familyPattern(family);
	const found = new Map<string, unknown>();
	for (const [name, text] of Object.entries(options)) {
		const match = pattern.exec(name);
		if (match) found.set(match[1] as string, parseOption(name, text, description));
	}
	return found;
}

/** Refuses options that nobody declared, with the nearest name that somebody did. */
export function checkOptionNames(
	options: Readonly<Record<string, string>>,
	descriptions: OptionDescriptions,
	{ subject }: OptionOwner,
): void {
	const names = Object.keys(descriptions);
	const families = names.filter(isFamily).map(familyPattern);
	for (const name of Object.keys(options)) {
		if (descriptions[name] || families.some((family) => family.test(name))) continue;
		const near = nearestName(name, names);
		throw new EngineError("UNKNOWN_OPTION", `${subject} has no option '${name}'`, {
			expected: names.length > 0 ? `one of ${names.sort().join(", ")}` : "no options",
			...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
		});
	}
}

const isFamily = (name: string) => name.includes("#") || name.endsWith("*");

function familyPattern(family: string): RegExp {
	const escaped = family.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
	return new RegExp(`^${escaped.replace("#", "(.+)").replace(/\*$/, "(.+)")}$`);
}

/** One value; throws INVALID_OPTION naming the option. */
export function parseOption(name: string, text: string, description: OptionDescription): unknown {
	const value = parseValue(text, description);
	const { min, max } = description;
	const inRange = typeof value !== "number" || (value >= (min ?? -Infinity) && value <= (max ?? Infinity));
	if (value !== undefined && inRange) return value;
	throw new EngineError("INVALID_OPTION", `option '${name}' cannot be '${text}'`, {
		expected: expectation(description),
	});
}

function parseValue(text: string, { type, values }: OptionDescription): unknown {
	const trimmed = text.trim();
	switch (type) {
		case "string":
			return text;
		case "list":
			return trimmed === "" ? [] : trimmed.split(";").map((part) => part.trim());
		case "boolean":
			return /^true$/i.test(trimmed) ? true : /^false$/i.test(trimmed) ? false : undefined;
		case "integer":
			return /^[+-]?\d+$/.test(trimmed) && Number.isSafeInteger(Number(trimmed)) ? Number(trimmed) : undefined;
		case "double":
			return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined;
		case "duration":
			return parseDuration(trimmed);
		case "memory":
			return parseMemorySize(trimmed);
		case "enum":
			return values?.find((value) => value.toLowerCase() === trimmed.toLowerCase());
	}
}

function expectation({ type, values, min, max }: OptionDescription): string {
	const bounds = min === undefined && max === undefined ? "" : ` from ${min ?? "-∞"} to ${max ?? "∞"}`;
	switch (type) {
		case "enum":
			return `one of ${values?.join(", ")}`;
		case "duration":
			return "a duration such as '5 s', '1 min', '500 ms' (without unit: milliseconds)";
		case "memory":
			return "a size such as '128 mb', '64 kb', '1 gb' (without unit: bytes)";
		case "integer":
			return `an integer${bounds}`;
		case "double":
			return `a number${bounds}`;
		case "boolean":
			return "true or false";
		default:
			return `a ${type}`;
	}
}

const DURATION_UNITS: readonly (readonly [names: string, ms: number])[] = [
	["d day days", 86_400_000],
	["h hour hours", 3_600_000],
	["m min minute minutes", 60_000],
	["s sec secs second seconds", 1000],
	["ms milli millis millisecond milliseconds", 1],
	["µs us micro micros microsecond microseconds", 1e-3],
	["ns nano nanos nanosecond nanoseconds", 1e-6],
];

const MEMORY_UNITS: readonly (readonly [names: string, bytes: number])[] = [
	["b bytes", 1],
	["k kb kibibytes", 2 ** 10],
	["m mb mebibytes", 2 ** 20],
	["g gb gibibytes", 2 ** 30],
	["t tb tebibytes", 2 ** 40],
];

/** Milliseconds of Flink's duration text: `5 s`, `1min`, `250` (ms); undefined if it is none. */
export const parseDuration = (text: string) => parseQuantity(text, DURATION_UNITS, 1);

/** Bytes of Flink's memory size text: `64 kb`, `1g`, `1024` (bytes); undefined if it is none. */
export const parseMemorySize = (text: string) => parseQuantity(text, MEMORY_UNITS, 1);

function parseQuantity(text: string, units: typeof DURATION_UNITS, plain: number): number | undefined {
	const match = /^\s*(\d+)\s*(\p{L}*)\s*$/u.exec(text);
	if (!match) return undefined;
	const unit = (match[2] as string).toLowerCase();
	if (unit === "") return Number(match[1]) * plain;
	const found = units.find(([names]) => names.split(" ").includes(unit));
	return found && Number(match[1]) * found[1];
}
