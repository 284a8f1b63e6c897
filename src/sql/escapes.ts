// The escapes of E'…' strings, those of C: \n, \t, \', \x41, \101, \u0041, \U0001F600; before any other character a backslash is one.

const LETTERS: Readonly<Record<string, string>> = {
	...{ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
	...{ "'": "'", '"': '"', "\\": "\\" },
};
const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]|$))/g;

/** The text that is meant; `malformed`: a Unicode escape without its digits. */
export function resolveBackslashes(raw: string): { readonly text: string; readonly malformed?: string } {
	let malformed: string | undefined;
	const text = raw.replace(ESCAPE, (sequence, octal, hex, short, long, other) => {
		if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
		const code = hex ?? short ?? long;
		if (code !== undefined) {
			const point = Number.parseInt(code, 16);
			if (point <= 0x10ffff) return String.fromCodePoint(point);
			malformed ??= sequence;
			return "";
		}
		if (other === "u" || other === "U") malformed ??= sequence;
		return LETTERS[other] ?? sequence;
	});
	return malformed === undefined ? { text } : { text, malformed };
}
