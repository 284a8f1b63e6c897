// FLOAT and DOUBLE as text, as Java's Double.toString and Float.toString print them, and back.

/** `1.0`, `1.0E7`, `4.9E-324`, `NaN`, `-Infinity`: the shortest digits that read back as the same double. */
export function doubleText(value: number): string {
	if (!Number.isFinite(value)) return String(value);
	if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
	const shortest = Math.abs(value).toExponential();
	// Java never prints fewer than two digits and takes the nearest of those.
	const digits = shortest.indexOf("e") === 1 ? Math.abs(value).toExponential(1) : shortest;
	return javaText(value < 0, digits);
}

/** As doubleText, with the digits that tell this float from its neighbours. */
export function floatText(value: number): string {
	if (!Number.isFinite(value)) return String(value);
	if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
	const magnitude = Math.abs(value);
	let digits = magnitude.toExponential(1);
	for (let places = 2; places <= 9 && Math.fround(Number(digits)) !== magnitude; places++) {
		digits = magnitude.toExponential(places);
	}
	return javaText(value < 0, digits);
}

/** Lays out `d.ddde±x`: plain from 10^-3 up to 10^7, else with E. */
function javaText(negative: boolean, exponential: string): string {
	const [mantissa, power] = exponential.split("e") as [string, string];
	const exponent = Number(power);
	const digits = mantissa.replace(".", "").replace(/0+$/, "") || "0";
	const sign = negative ? "-" : "";
	if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || "0"}E${exponent}`;
	if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
	const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
	return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

const DOUBLE = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;

/** A number as Java's Double.parseDouble reads it (`1.5f` and `1d` too); undefined when it is none. */
export function parseDouble(text: string): number | undefined {
	const trimmed = trimControls(text);
	if (!DOUBLE.test(trimmed)) return undefined;
	const last = trimmed.charAt(trimmed.length - 1);
	return Number("fFdD".includes(last) ? trimmed.slice(0, -1) : trimmed);
}

/** Java's String.trim: everything up to and including the blank. */
export function trimControls(text: string): string {
	let start = 0;
	let end = text.length;
	while (start < end && text.charCodeAt(start) <= 32) start++;
	while (end > start && text.charCodeAt(end - 1) <= 32) end--;
	return text.slice(start, end);
}
