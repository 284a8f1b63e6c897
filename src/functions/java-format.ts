// java.lang.String.format for PRINTF: %d %x %o %f %e %g %s %b %c %h %n %% with flags, width, precision and positions.
// Whatever Java throws at (a missing argument, a value of the wrong type) gives undefined.
import { bigDecimalText } from "./json/document.js";

/** An argument as Java sees it. */
export type FormatArgument =
	| { readonly kind: "null" }
	| { readonly kind: "integer"; readonly value: bigint; readonly bits: number }
	| { readonly kind: "double"; readonly value: number; readonly text: string }
	| { readonly kind: "boolean"; readonly value: boolean }
	| { readonly kind: "other"; readonly text: string };

interface Specifier {
	readonly flags: string;
	readonly width: number;
	readonly precision: number | undefined;
	readonly conversion: string;
}

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

class FormatError extends Error {}

export function javaFormat(pattern: string, args: readonly FormatArgument[]): string | undefined {
	let next = 0;
	let last = -1;
	try {
		const rest = pattern.replace(SPECIFIER, "");
		if (rest.includes("%")) return undefined;
		return pattern.replace(SPECIFIER, (_, position, flags: string, width, precision, conversion: string) => {
			const specifier: Specifier = {
				flags,
				width: width === undefined ? 0 : Number(width),
				precision: precision === undefined ? undefined : Number(precision),
				conversion,
			};
			if (conversion === "n") return "\n";
			if (conversion === "%") return pad("%", specifier);
			last = position !== undefined ? Number(position) - 1 : flags.includes("<") ? last : next++;
			const arg = args[last];
			if (arg === undefined) throw new FormatError();
			return convert(arg, specifier);
		});
	} catch (error) {
		if (error instanceof FormatError) return undefined;
		throw error;
	}
}

function pad(text: string, { flags, width }: Specifier): string {
	return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}

function convert(arg: FormatArgument, specifier: Specifier): string {
	const { conversion, precision } = specifier;
	const text = plain(arg, { ...specifier, conversion: conversion.toLowerCase() }, precision);
	return conversion === conversion.toUpperCase() ? text.toUpperCase() : text;
}

function plain(arg: FormatArgument, specifier: Specifier, precision: number | undefined): string {
	const { conversion } = specifier;
	const cut = (text: string) => pad(precision === undefined ? text : text.slice(0, precision), specifier);
	if (conversion === "b")
		return cut(arg.kind === "null" ? "false" : arg.kind === "boolean" ? String(arg.value) : "true");
	if (!"sdxofegch".includes(conversion)) throw new FormatError();
	if (arg.kind === "null") return cut("null");
	switch (conversion) {
		case "s":
			return cut(textOf(arg));
		case "h":
			return cut(hashText(arg));
		case "c":
			if (arg.kind !== "integer") throw new FormatError();
			return pad(String.fromCodePoint(Number(arg.value)), specifier);
		case "d":
			if (arg.kind !== "integer") throw new FormatError();
			return signed(arg.value < 0n, group((arg.value < 0n ? -arg.value : arg.value).toString(), specifier), specifier);
		case "x":
		case "o": {
			if (arg.kind !== "integer") throw new FormatError();
			const digits = BigInt.asUintN(arg.bits, arg.value).toString(conversion === "x" ? 16 : 8);
			const prefix = specifier.flags.includes("#") ? (conversion === "x" ? "0x" : "0") : "";
			return zeroPad("", prefix + digits, "", specifier);
		}
		default:
			if (arg.kind !== "double") throw new FormatError();
			return floating(arg.value, arg.text, specifier, precision ?? 6);
	}
}

const textOf = (arg: Exclude<FormatArgument, { kind: "null" }>): string =>
	arg.kind === "double" || arg.kind === "other" ? arg.text : String(arg.value);

function hashText(arg: Exclude<FormatArgument, { kind: "null" }>): string {
	if (arg.kind === "other") return (javaHash(new TextEncoder().encode(arg.text)) >>> 0).toString(16);
	if (arg.kind === "boolean") return (arg.value ? 1231 : 1237).toString(16);
	if (arg.kind === "integer") {
		const folded = arg.bits === 64 ? Number(BigInt.asIntN(32, arg.value ^ (arg.value >> 32n))) : Number(arg.value);
		return (folded >>> 0).toString(16);
	}
	throw new FormatError();
}

const javaHash = (bytes: Uint8Array): number => bytes.reduce((hash, byte) => (Math.imul(31, hash) + byte) | 0, 0);

/** Digits rounded half up from the shortest text of the number, as Java does it. */
function floating(value: number, text: string, specifier: Specifier, precision: number): string {
	const negative = value < 0 || Object.is(value, -0);
	if (!Number.isFinite(value)) {
		const word = Number.isNaN(value) ? "NaN" : "Infinity";
		return pad(
			negative
				? specifier.flags.includes("(")
					? `(${word})`
					: `-${word}`
				: `${specifier.flags.includes("+") ? "+" : ""}${word}`,
			specifier,
		);
	}
	const magnitude = bigDecimalText(text.replace(/^-/, ""));
	if (specifier.conversion === "e") return signed(negative, scientific(magnitude, precision), specifier);
	if (specifier.conversion === "f") return signed(negative, group(fixed(magnitude, precision), specifier), specifier);
	const digits = precision === 0 ? 1 : precision;
	const rounded = Math.abs(value);
	if (rounded !== 0 && (rounded < 1e-4 || rounded >= 10 ** digits))
		return signed(negative, scientific(magnitude, digits - 1), specifier);
	const exponent = rounded === 0 ? 0 : Math.floor(Math.log10(rounded));
	return signed(negative, group(fixed(magnitude, Math.max(0, digits - exponent - 1)), specifier), specifier);
}

function digitsOf(text: string): { readonly digits: bigint; readonly scale: number } {
	const [mantissa = "", exponent = "0"] = text.split("E");
	const [whole = "", fraction = ""] = mantissa.split(".");
	return { digits: BigInt(whole + fraction), scale: fraction.length - Number(exponent) };
}

/** Rounds half up to `places` after the point. */
function roundedUnits(digits: bigint, scale: number, places: number): bigint {
	if (scale <= places) return digits * 10n ** BigInt(places - scale);
	const unit = 10n ** BigInt(scale - places);
	return (digits + unit / 2n) / unit;
}

function fixed(text: string, places: number): string {
	const { digits, scale } = digitsOf(text);
	const units = roundedUnits(digits, scale, places)
		.toString()
		.padStart(places + 1, "0");
	return places === 0 ? units : `${units.slice(0, -places)}.${units.slice(-places)}`;
}

function scientific(text: string, places: number): string {
	const { digits, scale } = digitsOf(text);
	const length = digits.toString().length;
	let exponent = digits === 0n ? 0 : length - 1 - scale;
	let units = roundedUnits(digits, scale + exponent, places).toString();
	if (units.length > places + 1) {
		exponent++;
		units = roundedUnits(digits, scale + exponent, places).toString();
	}
	const padded = units.padStart(places + 1, "0");
	const mantissa = places === 0 ? padded : `${padded.charAt(0)}.${padded.slice(1)}`;
	return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function group(text: string, { flags }: Specifier): string {
	if (!flags.includes(",")) return text;
	const [whole = "", fraction] = text.split(".");
	const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
	return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function signed(negative: boolean, digits: string, specifier: Specifier): string {
	const { flags } = specifier;
	if (negative) return flags.includes("(") ? zeroPad("(", digits, ")", specifier) : zeroPad("-", digits, "", specifier);
	return zeroPad(flags.includes("+") ? "+" : flags.includes(" ") ? " " : "", digits, "", specifier);
}

function zeroPad(prefix: string, digits: string, suffix: string, specifier: Specifier): string {
	const zeros = specifier.flags.includes("0")
		? Math.max(0, specifier.width - prefix.length - digits.length - suffix.length)
		: 0;
	return pad(prefix + "0".repeat(zeros) + digits + suffix, specifier);
}
