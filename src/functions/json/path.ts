// JSON paths as the Jayway library reads them: `$.a`, `$['a','b']`, `$[0]`, `$[-1]`, `$[1:3]`, `$[*]`, `$..a`, filters
// `$[?(@.price < 10 && @.name)]` and `.length()`. A path without choices is definite: what it misses is an error.
import { isScalar, type JsonNode, JsonNumber } from "./document.js";

/** What a path finds: a node, several for an indefinite path as an array, or nothing because a part is missing. */
export type PathResult = { readonly found: true; readonly node: JsonNode } | { readonly found: false };

type Step =
	| { readonly kind: "names"; readonly names: readonly string[] }
	| { readonly kind: "indexes"; readonly indexes: readonly number[] }
	| { readonly kind: "slice"; readonly from: number | undefined; readonly to: number | undefined }
	| { readonly kind: "all" }
	| { readonly kind: "deep"; readonly step: Step }
	| { readonly kind: "filter"; readonly test: (node: JsonNode, root: JsonNode) => boolean }
	| { readonly kind: "length" };

export interface JsonPath {
	/** `lax`: what is missing is empty; `strict` (also when neither is written): an error. */
	readonly lax: boolean;
	readonly definite: boolean;
	read(root: JsonNode): PathResult;
}

const cache = new Map<string, JsonPath | null>();

/** The path of a text with an optional `lax` or `strict` before it; null when it is malformed. Cached. */
export function jsonPathOf(text: string): JsonPath | null {
	let path = cache.get(text);
	if (path === undefined) {
		if (cache.size > 1000) cache.clear();
		path = compile(text);
		cache.set(text, path);
	}
	return path;
}

function compile(text: string): JsonPath | null {
	const match = /^\s*(strict|lax)\s+([\s\S]+)$/i.exec(text);
	const lax = match?.[1]?.toLowerCase() === "lax";
	try {
		const steps = new PathReader((match?.[2] ?? text).trim()).path("$");
		const definite = steps.every(isDefinite);
		return { lax, definite, read: (root) => readSteps(steps, root, definite) };
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

const isDefinite = (step: Step): boolean =>
	step.kind === "length" || step.kind === "names" || (step.kind === "indexes" && step.indexes.length === 1);

const MISSING: PathResult = { found: false };

function readSteps(steps: readonly Step[], root: JsonNode, definite: boolean): PathResult {
	let nodes: readonly JsonNode[] = [root];
	let certain = true;
	for (const step of steps) {
		// A filter wants an array or object where the steps before it lead to one place.
		const wanted = certain;
		certain &&= isDefinite(step);
		const next: JsonNode[] = [];
		for (const node of nodes) {
			const found = applyStep(step, node, root);
			if (found !== undefined) next.push(...found);
			else if (certain || (wanted && step.kind === "filter")) return MISSING;
		}
		nodes = next;
	}
	return { found: true, node: definite ? (nodes[0] as JsonNode) : nodes };
}

/** The nodes that a step leads to, or undefined when the node has no such part. */
function applyStep(step: Step, node: JsonNode, root: JsonNode): readonly JsonNode[] | undefined {
	switch (step.kind) {
		case "names": {
			if (!(node instanceof Map)) return undefined;
			if (step.names.length > 1) {
				const picked = step.names.filter((name) => node.has(name)).map((name) => [name, node.get(name)] as const);
				return [new Map(picked) as ReadonlyMap<string, JsonNode>];
			}
			const name = step.names[0] as string;
			return node.has(name) ? [node.get(name) as JsonNode] : undefined;
		}
		case "indexes": {
			if (!Array.isArray(node)) return undefined;
			const places = step.indexes.map((index) => (index < 0 ? index + node.length : index));
			const inside = places.filter((index) => index >= 0 && index < node.length);
			return inside.length === 0 && places.length === 1 ? undefined : inside.map((index) => node[index] as JsonNode);
		}
		case "slice":
			return Array.isArray(node) ? node.slice(step.from, step.to) : undefined;
		case "all":
			return Array.isArray(node) ? node : node instanceof Map ? [...node.values()] : [];
		case "deep":
			return deep(node).flatMap((inner) => deepMatches(step.step, inner, root));
		case "filter":
			if (Array.isArray(node)) return node.filter((item: JsonNode) => step.test(item, root));
			if (node instanceof Map) return step.test(node, root) ? [node] : [];
			return undefined;
		case "length":
			if (Array.isArray(node)) return [new JsonNumber(String(node.length))];
			return node instanceof Map ? [new JsonNumber(String(node.size))] : [null];
	}
}

/** `..*` means every node below; wildcards on scalars find nothing. */
const deepMatches = (step: Step, node: JsonNode, root: JsonNode): readonly JsonNode[] =>
	applyStep(step, node, root) ?? [];

/** A node and all containers below it. */
function deep(node: JsonNode): JsonNode[] {
	if (isScalar(node)) return [];
	const children = Array.isArray(node) ? node : [...(node as ReadonlyMap<string, JsonNode>).values()];
	return [node, ...children.flatMap(deep)];
}

type Operand = (node: JsonNode, root: JsonNode) => PathResult;

class PathReader {
	private at = 0;

	constructor(private readonly text: string) {}

	/** A whole path that begins with `start` (`$`); the rest of the text belongs to it. */
	path(start: string): readonly Step[] {
		if (!this.text.startsWith(start)) throw new SyntaxError("a path begins with $");
		this.at = start.length;
		const steps = this.steps();
		if (this.at < this.text.length) throw new SyntaxError("unexpected text in a path");
		return steps;
	}

	private steps(): Step[] {
		const steps: Step[] = [];
		for (;;) {
			if (this.text.startsWith("..", this.at)) {
				this.at += 2;
				const step = this.text.charAt(this.at) === "[" ? this.bracket() : this.name();
				steps.push({ kind: "deep", step });
			} else if (this.text.charAt(this.at) === ".") {
				this.at++;
				steps.push(this.text.charAt(this.at) === "[" ? this.bracket() : this.name());
			} else if (this.text.charAt(this.at) === "[") steps.push(this.bracket());
			else return steps;
		}
	}

	private name(): Step {
		if (this.text.charAt(this.at) === "*") {
			this.at++;
			return { kind: "all" };
		}
		const match = /^[^.[\]()\s=<>!&|,*]+/.exec(this.text.slice(this.at));
		if (match === null) throw new SyntaxError("a name is missing");
		this.at += match[0].length;
		if (!this.text.startsWith("()", this.at)) return { kind: "names", names: [match[0]] };
		if (match[0] !== "length" && match[0] !== "size") throw new SyntaxError("unknown function");
		this.at += 2;
		return { kind: "length" };
	}

	private bracket(): Step {
		const rest = this.text.slice(this.at);
		const simple = /^\[\s*(?:(\*)|(-?\d+(?:\s*,\s*-?\d+)*)|(-?\d+)?\s*:\s*(-?\d+)?)\s*\]/.exec(rest);
		if (simple !== null) {
			this.at += simple[0].length;
			const [, all, indexes, from, to] = simple;
			if (all !== undefined) return { kind: "all" };
			if (indexes !== undefined) return { kind: "indexes", indexes: indexes.split(",").map(Number) };
			return {
				kind: "slice",
				from: from === undefined ? undefined : Number(from),
				to: to === undefined ? undefined : Number(to),
			};
		}
		const open = /^\[\s*\?\s*\(/.exec(rest);
		if (open !== null) {
			this.at += open[0].length;
			const test = this.disjunction();
			this.expect(/^\s*\)\s*\]/);
			return { kind: "filter", test };
		}
		return { kind: "names", names: this.quotedNames() };
	}

	private quotedNames(): string[] {
		this.expect(/^\[\s*/);
		const names: string[] = [];
		do names.push(this.quoted());
		while (this.accept(/^\s*,\s*/) !== undefined);
		this.expect(/^\s*\]/);
		return names;
	}

	private quoted(): string {
		const match = this.expect(/^'((?:[^'\\]|\\[\s\S])*)'|^"((?:[^"\\]|\\[\s\S])*)"/);
		return (match[1] ?? match[2] ?? "").replace(/\\([\s\S])/g, "$1");
	}

	private accept(form: RegExp): RegExpExecArray | undefined {
		const match = form.exec(this.text.slice(this.at));
		if (match === null) return undefined;
		this.at += match[0].length;
		return match;
	}

	private expect(form: RegExp): RegExpExecArray {
		const match = this.accept(form);
		if (match === undefined) throw new SyntaxError("a path is malformed");
		return match;
	}

	private disjunction(): (node: JsonNode, root: JsonNode) => boolean {
		const tests = [this.conjunction()];
		while (this.accept(/^\s*\|\|/) !== undefined) tests.push(this.conjunction());
		return (node, root) => tests.some((test) => test(node, root));
	}

	private conjunction(): (node: JsonNode, root: JsonNode) => boolean {
		const tests = [this.condition()];
		while (this.accept(/^\s*&&/) !== undefined) tests.push(this.condition());
		return (node, root) => tests.every((test) => test(node, root));
	}

	private condition(): (node: JsonNode, root: JsonNode) => boolean {
		if (this.accept(/^\s*!/) !== undefined) {
			const test = this.condition();
			return (node, root) => !test(node, root);
		}
		if (this.accept(/^\s*\(/) !== undefined) {
			const test = this.disjunction();
			this.expect(/^\s*\)/);
			return test;
		}
		const left = this.operand();
		const operator = this.accept(/^\s*(==|!=|<=|>=|<|>|=~)\s*/)?.[1];
		if (operator === undefined) return (node, root) => left(node, root).found;
		if (operator === "=~") {
			const [, source = "", flags = ""] = this.expect(/^\/((?:[^/\\]|\\.)*)\/([a-z]*)/);
			const regex = new RegExp(`^(?:${source})$`, flags);
			return (node, root) => {
				const value = left(node, root);
				return value.found && typeof value.node === "string" && regex.test(value.node);
			};
		}
		const right = this.operand();
		return (node, root) => compareNodes(left(node, root), right(node, root), operator);
	}

	private operand(): Operand {
		this.accept(/^\s*/);
		const start = this.accept(/^[@$]/)?.[0];
		if (start !== undefined) {
			const steps = this.steps();
			const definite = steps.every(isDefinite);
			return (node, root) => readSteps(steps, start === "@" ? node : root, definite);
		}
		const word = this.accept(/^(?:true|false|null)\b/)?.[0];
		const number = word === undefined ? this.accept(/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/)?.[0] : undefined;
		const node: JsonNode =
			word !== undefined
				? word === "null"
					? null
					: word === "true"
				: number !== undefined
					? new JsonNumber(number)
					: this.quoted();
		return () => ({ found: true, node });
	}
}

function compareNodes(left: PathResult, right: PathResult, operator: string): boolean {
	if (!left.found || !right.found) return operator === "!=" && left.found !== right.found;
	const [a, b] = [comparable(left.node), comparable(right.node)];
	if (operator === "==") return a === b;
	if (operator === "!=") return a !== b;
	if (typeof a !== typeof b || a === null || b === null || typeof a === "boolean" || typeof b === "boolean")
		return false;
	switch (operator) {
		case "<":
			return a < b;
		case "<=":
			return a <= b;
		case ">":
			return a > b;
		default:
			return a >= b;
	}
}

const comparable = (node: JsonNode): string | number | boolean | null =>
	node instanceof JsonNumber ? Number(node.text) : isScalar(node) ? (node as string | boolean | null) : String(node);
