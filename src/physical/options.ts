// Reads the options that planning depends on.
import { EngineError } from "../errors.js";

type Options = Readonly<Record<string, string>>;

export function integerOption(options: Options, key: string, fallback: number): number {
	const text = options[key];
	if (text === undefined || text.trim() === "") return fallback;
	const value = Number(text);
	if (!Number.isSafeInteger(value)) {
		throw new EngineError("INVALID_OPTION", `Option '${key}' is '${text}'`, { expected: "an integer" });
	}
	return value;
}

const UNITS: readonly (readonly [RegExp, number])[] = [
	[/^(ms|milli|millis|millisecond|milliseconds)$/, 1],
	[/^(s|sec|secs|second|seconds)$/, 1000],
	[/^(m|min|minute|minutes)$/, 60_000],
	[/^(h|hour|hours)$/, 3_600_000],
	[/^(d|day|days)$/, 86_400_000],
	[/^(µs|micro|micros|microsecond|microseconds)$/, 0.001],
	[/^(ns|nano|nanos|nanosecond|nanoseconds)$/, 0.000_001],
];

/** A duration as Flink writes it, `200 ms`, `1min`, `0`; without a unit milliseconds. */
export function durationOption(options: Options, key: string, fallbackMs: number): number {
	const text = options[key];
	if (text === undefined || text.trim() === "") return fallbackMs;
	const [, amount, unit] = /^\s*(\d+)\s*([a-zµ]*)\s*$/i.exec(text) ?? [];
	const factor = unit === "" ? 1 : UNITS.find(([names]) => names.test((unit ?? "?").toLowerCase()))?.[1];
	if (amount === undefined || factor === undefined) {
		throw new EngineError("INVALID_OPTION", `Option '${key}' is '${text}'`, {
			expected: "a duration such as '200 ms'",
		});
	}
	return Math.floor(Number(amount) * factor);
}
