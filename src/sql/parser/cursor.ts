// The parser's place in the tokens: looking, taking, failing. Parsing is deterministic, so a failure is explained by parsing
// the statement once more with a watch on the failing token: whatever is asked for there is what would have been right.
import type { SourcePosition } from "../../errors.js";
import type { Name } from "../ast.js";
import { isReserved } from "../keywords.js";
import type { SqlError } from "../sql-error.js";
import { type Token, TokenType } from "../token.js";
import { explain, ParseFailure } from "./explain.js";

/** Open parentheses, subqueries and the like within each other. */
const MAX_NESTING = 200;
/** Height of the tree, which also grows with chains of operators (`a OR b OR c …`): what walks it is recursive. */
const MAX_HEIGHT = 1000;

export class Cursor {
	index = 0;
	token: Token;
	/** Question marks seen in this statement. */
	parameters = 0;
	/** What was asked for at the watched token: keywords and symbols as they are, other things in words. */
	readonly expectations = new Set<string>();
	readonly errors: SqlError[] = [];
	private watch = -1;
	/** Index of the token for which `leader` waits. */
	private led = -1;
	private leader: Token | undefined;
	/** What is to be refused if nothing else is wrong with the statement. */
	private doubt: ParseFailure | undefined;
	private nesting = 0;
	/** Height of the tree from the statement down to the deepest node of the part being parsed. */
	private height = 0;

	constructor(readonly tokens: readonly Token[]) {
		this.token = tokens[0] as Token;
	}

	peek(offset = 1): Token {
		return this.tokens[Math.min(this.index + offset, this.tokens.length - 1)] as Token;
	}

	get previous(): Token | undefined {
		return this.tokens[this.index - 1];
	}

	get atEnd(): boolean {
		return this.token.type === TokenType.End || this.token.word === ";";
	}

	advance(): Token {
		const { token } = this;
		if (token.type !== TokenType.End) {
			this.index++;
			this.token = this.tokens[this.index] as Token;
		}
		return token;
	}

	/** Notes what could stand here, for the error message. */
	expects(what: string): void {
		if (this.index === this.watch) this.expectations.add(what);
	}

	/** Whether the token is this keyword (upper case) or symbol. */
	is(word: string): boolean {
		if (this.token.word === word) return true;
		if (this.index === this.watch) this.expectations.add(word);
		return false;
	}

	/** Whether these keywords or symbols follow one another from here. */
	areNext(...words: readonly string[]): boolean {
		return this.is(words[0] as string) && words.every((word, offset) => this.peek(offset).word === word);
	}

	accept(word: string): boolean {
		if (!this.is(word)) return false;
		this.advance();
		return true;
	}

	/** Takes all of these or none. */
	acceptAll(...words: readonly string[]): boolean {
		if (!this.areNext(...words)) return false;
		for (const _ of words) this.advance();
		return true;
	}

	/** Takes one of these and tells which. */
	acceptOneOf<const Word extends string>(...words: readonly Word[]): Word | undefined {
		return words.find((word) => this.accept(word));
	}

	expect(...words: readonly string[]): void {
		for (const word of words) if (!this.accept(word)) this.fail();
	}

	expectOneOf<const Word extends string>(...words: readonly Word[]): Word {
		return this.acceptOneOf(...words) ?? this.fail();
	}

	/** Whether the token can be a simple name. */
	get isName(): boolean {
		const { type, word } = this.token;
		if (type === TokenType.QuotedName || (type === TokenType.Word && !isReserved(word))) return true;
		this.expects("a name");
		return false;
	}

	acceptName(): Name | undefined {
		if (!this.isName) return undefined;
		const token = this.advance();
		return { kind: "Name", text: token.text, position: this.from(token) };
	}

	name(): Name {
		return this.acceptName() ?? this.fail();
	}

	/** One or more, between commas. */
	list<Item>(item: () => Item): Item[] {
		const items = [item()];
		while (this.accept(",")) items.push(item());
		return items;
	}

	/** As `list`, where a comma without an item behind it is what is wrong. */
	ledList<Item>(item: () => Item): Item[] {
		const items = [item()];
		while (this.acceptLeading(",")) items.push(item());
		return items;
	}

	/** Takes a word or symbol that means nothing without what follows. */
	acceptLeading(word: string): boolean {
		if (!this.accept(word)) return false;
		this.lead();
		return true;
	}

	/**
	 * The words just taken mean nothing without what follows: if that is not right, the error is shown at the first of
	 * them, as Flink shows it (`a = FROM t` at the `=`).
	 */
	lead(words = 1): void {
		const first = this.index - words;
		if (this.led !== first || this.leader?.word === ",") this.leader = this.tokens[first] as Token;
		this.led = this.index;
	}

	/** The word just taken waits for what follows, as does what led to it. */
	prolongLead(): void {
		if (this.led === this.index - 1 && this.leader?.word !== ",") this.led = this.index;
	}

	/** One or more in parentheses. */
	parenthesised<Item>(item: () => Item): Item[] {
		this.expect("(");
		const items = this.list(item);
		this.expect(")");
		return items;
	}

	/** From the beginning of a token or node to the end of what has been taken. */
	from(start: { readonly line: number; readonly column: number; readonly start: number }): SourcePosition {
		const end = this.previous?.end ?? start.start;
		return { line: start.line, column: start.column, start: start.start, end: Math.max(end, start.start) };
	}

	/**
	 * Runs a statement. If it fails the error is kept, and the cursor stands behind the next semicolon: so every statement
	 * of a script is looked at. An error at the very end of the text is the caller's, who has nothing left to parse.
	 */
	recovering<Result>(parse: () => Result, isOutermost = false): Result | undefined {
		const { index, nesting, height, parameters } = this;
		const again = (watch: number) => {
			this.goTo(index);
			Object.assign(this, { nesting, height, parameters, watch, led: -1, doubt: undefined });
			this.expectations.clear();
		};
		try {
			return parse();
		} catch (failure) {
			if (!(failure instanceof ParseFailure)) throw failure;
			if (!isOutermost && this.tokens[failure.index]?.type === TokenType.End) throw failure;
			if (this.watch < 0) this.errors.push(this.explained(failure, parse, again));
			again(this.watch);
			this.goTo(failure.index);
			while (!this.atEnd) this.advance();
			this.accept(";");
			return undefined;
		}
	}

	private explained(failure: ParseFailure, parse: () => unknown, again: (watch: number) => void): SqlError {
		const expectedHere = (): readonly string[] => {
			again(failure.index);
			try {
				parse();
			} catch (repeated) {
				if (!(repeated instanceof ParseFailure)) throw repeated;
			}
			this.watch = -1;
			return [...this.expectations];
		};
		const token = this.tokens[failure.index] as Token;
		const previous = this.tokens[failure.index - 1];
		return explain(failure, { token, previous, next: this.tokens[failure.index + 1] }, expectedHere);
	}

	private goTo(index: number): void {
		this.index = index;
		this.token = this.tokens[index] as Token;
	}

	/** Runs a part of the grammar that may contain itself. */
	nested<Result>(parse: () => Result): Result {
		if (this.nesting >= MAX_NESTING) this.reject(`more than ${MAX_NESTING} levels of nesting`, "Split the statement.");
		const outer = this.height;
		this.nesting++;
		this.height = 0;
		const result = parse();
		this.nesting--;
		this.height = Math.max(outer, this.height + 1);
		return result;
	}

	/** Says that what has been parsed since `nested` began is now inside another node. */
	grow(): void {
		if (++this.height > MAX_HEIGHT) {
			this.reject(
				`a chain of more than ${MAX_HEIGHT} operators`,
				"Use IN or a join with VALUES, or split the statement.",
			);
		}
	}

	/** The token is not what may stand here. */
	fail(): never {
		const { token } = this;
		const position = this.positionOf(token);
		if (this.led !== this.index || token.type === TokenType.Invalid || this.leader === undefined) {
			throw new ParseFailure(this.index, position, undefined, undefined);
		}
		const leading = { ...this.positionOf(this.leader), end: token.end };
		throw new ParseFailure(this.index, leading, undefined, undefined, this.leader.text);
	}

	/** Says what is wrong unless the rest of the statement has an error that explains more. */
	doubts(problem: string, remedy: string): void {
		this.doubt ??= new ParseFailure(this.index, this.positionOf(this.token), problem, remedy);
	}

	/** At the end of a statement. */
	settle(): void {
		const { doubt } = this;
		this.doubt = undefined;
		if (doubt) throw doubt;
	}

	/** What stands here is understood and refused. */
	reject(problem: string, remedy?: string, position: SourcePosition = this.positionOf(this.token)): never {
		throw new ParseFailure(this.index, position, problem, remedy);
	}

	private positionOf(token: Token): SourcePosition {
		const { line, column, start, end } = token;
		const last = token.type === TokenType.End ? this.tokens.at(-2) : undefined;
		const isShown = last !== undefined && last.type !== TokenType.Invalid && !last.text.includes("\n");
		return isShown ? endOf(last) : { line, column, start, end };
	}
}

/** The end of the text is shown at the end of the last token, as Flink shows it, not behind blank lines. */
function endOf({ line, column, start, end }: Token): SourcePosition {
	return { line, column: column + end - start - 1, start: end - 1, end };
}
