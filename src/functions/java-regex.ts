// Java's regular expressions on JavaScript's: patterns are translated for the `v` flag, which has Java's nested classes
// and intersections. What JavaScript cannot do (possessive quantifiers, atomic groups) becomes its greedy form.

const cache = new Map<string, RegExp | null>();

/** The pattern with the flag `g`, to be used from the start of a text, or null when it is malformed. Cached. */
export function compileJavaRegex(source: string): RegExp | null {
	let compiled = cache.get(source);
	if (compiled === undefined) {
		if (cache.size > 1000) cache.clear();
		compiled = compile(source);
		cache.set(source, compiled);
	}
	// `matchAll` and `exec` go on where the last use has ended.
	if (compiled) compiled.lastIndex = 0;
	return compiled;
}

function compile(source: string): RegExp | null {
	try {
		const translated = new Translation(source);
		return new RegExp(translated.text, `gv${translated.flags}`);
	} catch {
		return null;
	}
}

/** Java's String.split: a pattern, at most `limit` parts; without a limit empty parts at the end are dropped. */
export function javaSplit(text: string, source: string, limit = 0): string[] {
	const regex = compileJavaRegex(source);
	if (regex === null) throw new SyntaxError(`Malformed regular expression '${source}'`);
	const parts: string[] = [];
	let start = 0;
	regex.lastIndex = 0;
	for (const match of text.matchAll(regex)) {
		if (limit > 0 && parts.length === limit - 1) break;
		const end = match.index + match[0].length;
		if (end === 0) continue;
		if (match[0] === "" && match.index >= text.length) break;
		parts.push(text.slice(start, match.index));
		start = end;
	}
	parts.push(text.slice(start));
	const matched = parts.length > 1;
	if (limit === 0 && matched) while (parts[parts.length - 1] === "") parts.pop();
	return parts;
}

/** Classes that Java spells otherwise, as they stand inside [ ]. */
const POSIX: Readonly<Record<string, string>> = {
	Lower: "a-z",
	Upper: "A-Z",
	ASCII: "\\x00-\\x7f",
	Alpha: "a-zA-Z",
	Digit: "0-9",
	Alnum: "a-zA-Z0-9",
	Punct: "\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e",
	Graph: "\\x21-\\x7e",
	Print: "\\x20-\\x7e",
	Blank: " \\t",
	Cntrl: "\\x00-\\x1f\\x7f",
	XDigit: "0-9a-fA-F",
	Space: " \\t\\n\\v\\f\\r",
};

const ESCAPED: Readonly<Record<string, string>> = {
	s: "[ \\t\\n\\v\\f\\r]",
	S: "[^ \\t\\n\\v\\f\\r]",
	h: "[ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]",
	H: "[^ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]",
	v: "[\\n\\v\\f\\r\\x85\\u2028\\u2029]",
	V: "[^\\n\\v\\f\\r\\x85\\u2028\\u2029]",
	R: "(?:\\r\\n|[\\n\\v\\f\\r\\x85\\u2028\\u2029])",
	A: "(?<![\\s\\S])",
	z: "(?![\\s\\S])",
	Z: "(?=\\n?(?![\\s\\S]))",
	G: "",
	a: "\\x07",
	e: "\\x1b",
};

/** What must be escaped outside, and inside, a class under the `v` flag. */
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;
const CLASS_SYNTAX = /[()[\]{}/\-\\|]/;

class Translation {
	text = "";
	flags = "";
	private at = 0;
	/** Whether a quantifier came last. */
	private quantified = false;
	/** Inside (?i), which in Java is about ASCII letters only: each becomes a class of both cases. */
	private caseless = false;
	/** What `caseless` was before each open group. */
	private readonly outer: boolean[] = [];

	constructor(private readonly source: string) {
		this.readFlags();
		while (this.at < source.length) this.text += this.next();
		if (this.flags.includes("x")) this.flags = this.flags.replace("x", "");
	}

	/** Flags at the start are of the whole pattern; with `u`, `i` is about all letters. In the middle only `i` is known. */
	private readFlags(): void {
		const [all, flags = ""] = /^\(\?([imsux]+)\)/.exec(this.source) ?? [""];
		this.at = all.length;
		for (const flag of new Set(flags)) if ("ms".includes(flag)) this.flags += flag;
		if (flags.includes("i") && flags.includes("u")) this.flags += "i";
		else this.caseless = flags.includes("i");
	}

	private next(): string {
		const character = this.source.charAt(this.at);
		const quantified = this.quantified;
		this.quantified = false;
		switch (character) {
			case "\\":
				return this.escape(false);
			case "[":
				return this.characterClass();
			case "$":
				this.at++;
				return this.flags.includes("m") ? "$" : "(?=(?:\\r\\n|[\\n\\r\\x85\\u2028\\u2029])?(?![\\s\\S]))";
			case "(":
				return this.group();
			case ")":
				this.at++;
				this.caseless = this.outer.pop() ?? this.caseless;
				return character;
			case "{":
				this.quantified = true;
				return this.braces();
			case "]":
			case "}":
				this.at++;
				return `\\${character}`;
			case "+":
			case "*":
			case "?":
				this.at++;
				this.quantified = !quantified;
				// A + after a quantifier makes it possessive in Java.
				return quantified && character === "+" ? "" : character;
			default:
				this.at++;
				if (this.caseless && isLetter(character)) return `[${bothCases(character)}]`;
				return character === "/" ? "\\/" : character;
		}
	}

	private group(): string {
		const [whole, on, end] = /^\(\?(-?)i([:)])/.exec(this.source.slice(this.at)) ?? [];
		if (whole === undefined || end === ":") this.outer.push(this.caseless);
		if (whole !== undefined) {
			this.at += whole.length;
			this.caseless = on === "";
			return end === ":" ? "(?:" : "";
		}
		if (this.source.startsWith("(?>", this.at)) {
			this.at += 3;
			return "(?:";
		}
		const [opening] = /^\((?:\?(?:<[A-Za-z][A-Za-z0-9]*>|<?[=!]|:))?/.exec(
			this.source.slice(this.at),
		) as RegExpExecArray;
		this.at += opening.length;
		return opening;
	}

	private braces(): string {
		const match = /^\{\d+(?:,\d*)?\}/.exec(this.source.slice(this.at));
		if (match === null) throw new SyntaxError("a quantifier is malformed");
		this.at += match[0].length;
		return match[0];
	}

	private escape(inClass: boolean): string {
		const character = this.source.charAt(this.at + 1);
		if (character === "") throw new SyntaxError("a pattern ends with \\");
		this.at += 2;
		if (character === "Q") return this.quoted(inClass);
		if (character === "E") return "";
		if (character === "p" || character === "P") return this.property(character === "P");
		if (character === "x" || character === "u" || character === "0") return this.code(character);
		const known = ESCAPED[character];
		if (known !== undefined) return known;
		if (/[dDwWbBtnrfck1-9]/.test(character)) return `\\${character}`;
		if (/[A-Za-z]/.test(character)) throw new SyntaxError(`\\${character} means nothing`);
		return (inClass ? CLASS_SYNTAX : SYNTAX).test(character) ? `\\${character}` : escapeInClass(character, inClass);
	}

	private quoted(inClass: boolean): string {
		const end = this.source.indexOf("\\E", this.at);
		const text = this.source.slice(this.at, end < 0 ? undefined : end);
		this.at = end < 0 ? this.source.length : end + 2;
		return [...text]
			.map((character) => ((inClass ? CLASS_SYNTAX : SYNTAX).test(character) ? `\\${character}` : character))
			.join("");
	}

	private property(negated: boolean): string {
		const match = /^(?:\{\^?([^}]+)\}|([A-Z]))/.exec(this.source.slice(this.at));
		if (match === null) throw new SyntaxError("a property has no name");
		this.at += match[0].length;
		const name = (match[1] ?? match[2]) as string;
		const posix = POSIX[name];
		if (posix !== undefined) return negated ? `[^${posix}]` : `[${posix}]`;
		const script = name.replace(/^Is(?=[A-Z])/, "").replace(/^java(Lower|Upper)Case$/, "$1case");
		const spelled = /^(?:Alphabetic|Lowercase|Uppercase|White_Space|Ideographic|[A-Z][a-z]?)$/.test(script)
			? script
			: `Script=${script.replace(/^script=/i, "")}`;
		return `\\${negated ? "P" : "p"}{${spelled}}`;
	}

	private code(kind: string): string {
		const rest = this.source.slice(this.at);
		const form =
			kind === "0" ? /^[0-3]?[0-7]{1,2}/ : kind === "u" ? /^[0-9a-fA-F]{4}/ : /^(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2})/;
		const match = form.exec(rest);
		if (match === null) throw new SyntaxError(`\\${kind} lacks its digits`);
		this.at += match[0].length;
		const code = kind === "0" ? Number.parseInt(match[0], 8) : Number.parseInt(match[0].replace(/[{}]/g, ""), 16);
		return `\\u{${code.toString(16)}}`;
	}

	private characterClass(): string {
		this.at++;
		let text = "[";
		if (this.source.charAt(this.at) === "^") {
			text += "^";
			this.at++;
		}
		for (let first = true; ; first = false) {
			const character = this.source.charAt(this.at);
			if (character === "") throw new SyntaxError("a class is not closed");
			if (character === "]" && !first) break;
			text += this.classItem(character, text);
		}
		this.at++;
		return `${text}]`;
	}

	private classItem(character: string, before: string): string {
		if (character === "\\") return this.escape(true);
		if (character === "[") return this.characterClass();
		if (this.source.startsWith("&&", this.at)) {
			this.at += 2;
			return "&&";
		}
		this.at++;
		if (character === "-") {
			const after = this.source.charAt(this.at);
			const literal = before.endsWith("[") || before.endsWith("[^") || after === "]" || after === "[";
			return literal ? "\\-" : "-";
		}
		if (!this.caseless || !isLetter(character)) return escapeInClass(character, true);
		const [range, last] = /^-([^\]\\[&])/.exec(this.source.slice(this.at)) ?? [];
		if (range === undefined || last === undefined) return bothCases(character);
		this.at += range.length;
		return `${character}-${escapeInClass(last, true)}${otherCases(character, last)}`;
	}
}

const isLetter = (character: string) => /^[A-Za-z]$/.test(character);

const bothCases = (letter: string) => letter.toLowerCase() + letter.toUpperCase();

/** The letters that a range leaves out and that are in it in the other case. */
function otherCases(first: string, last: string): string {
	let others = "";
	for (let code = 65; code <= 122; code++) {
		const letter = String.fromCharCode(code);
		if (!isLetter(letter) || letter < first || letter > last) continue;
		others += letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
	}
	return others;
}

/** Doubled punctuation is reserved under the `v` flag, so single signs are escaped too where that is allowed. */
function escapeInClass(character: string, inClass: boolean): string {
	if (!inClass) return character;
	return CLASS_SYNTAX.test(character) || /[&!#%,:;<=>@`~]/.test(character) ? `\\${character}` : character;
}
