// What Flink's own parser (2.3.0) says: which statements it takes, and how it groups operators.
import { expect, test } from "vitest";
import { parse, parseStatement, SqlError } from "../../src/sql/index.js";
import { readLines, withoutPositions } from "./positions.js";

interface Verdict {
	readonly sql: string;
	readonly accepted: boolean;
}

interface Refusal {
	readonly sql: string;
	/** Line and column. */
	readonly at: string;
}

interface Grouping {
	readonly sql: string;
	/** The same statement as Flink prints it, every operator in parentheses. */
	readonly grouped: string;
}

/** What we take and Flink does not. */
const EXTENSIONS: readonly RegExp[] = [
	/!=/, // everyone writes it
	/\bDATETIME\b/, // Nexmark has a column of that name
	/ AT (TIME ZONE|LOCAL)/, // standard SQL
	/TIMESTAMP WITH TIME ZONE/, // refused by the binder, with a better message
	/LANGUAGE TYPESCRIPT/, // our functions
	/;/, // Flink's parser reads one statement; semicolons are its client's
	/COMPILE PLAN FOR/, // in Flink's newest documents
	/f\(DISTINCT a ORDER BY b\)|LAG\(a IGNORE NULLS\)|JSON_ARRAYAGG\(a NULL ON NULL ORDER|JSON_OBJECTAGG.*FILTER/, // the binder knows which functions take what
	/JSON_ARRAY\(NULL ON NULL\)|IF NOT EXISTS m|ILIKE|ALTER CATALOG a\.b|LIMIT 1\) x/, // a clause that Flink has elsewhere
	/(CLASSIFIER|MATCH_NUMBER|CONTAINS_SUBSTR|MULTISET|PERIOD)\(a\)/, // the binder counts arguments
	/INTERVAL DAY TO SECOND\(3\), b|\(c NULL\)|GEOMETRY|DESCRIPTOR\(a INT/, // types: the binder refuses them
];

/** What Flink's parser takes and we do not: it fails later in Flink, or means nothing there. */
const REFUSALS: readonly RegExp[] = [
	/PIVOT|EXTEND|\(b INT\)|SUBSTITUTE|STREAM|NEXT VALUE|UPSERT|MERGE|DISALLOW PARTIAL|\{fn/,
	/\bOFFSET\(1\)|SAFE_CAST|DATETIME|_DIFF\(|_TRUNC|CONVERT\(|USING utf8|CONTAINS_SUBSTR|RUNNING\(/, // functions of other databases
	/^SELECT (ALL|DISTINCT|EXISTS|UNIQUE|FLOOR|CEIL|CEILING)\(a\)$/,
	/x'0'|MAP\['a'\]|'a' (\/\* x \*\/ )?'b'|X'AB' 'CD'|TIME\(3\) WITH LOCAL|CHARACTER SET/,
	/a\.b INT|^BEGIN STATEMENT SET$|^END$/,
	/ JOIN t$|CROSS JOIN t ON|NATURAL JOIN t ON|^SELECT CURRENT_DEFAULT/,
];

/** Where we point elsewhere. */
const OTHER_PLACES: readonly RegExp[] = [
	/[=T/] ?['"`/][^'`/]*$|= "x"/, // what is not closed, and double quotes: where they begin; Flink's lexer gives up elsewhere
	/!>|; b| -- x$/, // a character that means nothing; the next statement of a script; a comment at the end
	/JOIN s WHERE|JOIN t JOIN u/, // where ON is missing; Flink wants it at the validator, or sees a later error
	/BETWEEN 1 AND/, // at the AND that has nothing behind it
	/ALL$|ANY 1|IS DISTINCT$|^BEGIN STATEMENT$|^CREATE OR 1$/, // at the word that leads to nothing
	/AS t$|APPLY|TABLE \(SELECT|\(a, b\)( DAY)?$/, // parentheses that Flink reads to the end first
	/SIMILAR b|CONVERT|_TRUNC|_DIFF|SAFE_CAST|STREAM|RUNNING|TRANSFORM_GROUP|JSON_OBJECTAGG\(a\)/, // REFUSALS
	/INT, c\)|c NULL|USING|^EXPLAIN CREATE|^EXECUTE (CREATE|UPDATE)|SYSTEM FUNCTION|A\(x = 'b'/, // refused by a rule of its own
];

test("points where Flink's parser points", () => {
	const probes = readLines<Refusal>("flink-positions.jsonl");
	const verdicts = readLines<Verdict & Refusal>("flink-verdicts.jsonl").filter(({ accepted }) => !accepted);
	expect(probes.length + verdicts.length).toBeGreaterThan(1500);
	const known = [...EXTENSIONS, ...OTHER_PLACES];
	const differences: string[] = [];
	for (const { sql, at } of [...probes, ...verdicts]) {
		if (known.some((pattern) => pattern.test(sql))) continue;
		try {
			parse(sql);
			differences.push(`accepted: ${sql}`);
		} catch (error) {
			if (!(error instanceof SqlError)) throw error;
			const { line, column } = error.position;
			if (`${line}:${column}` !== at) differences.push(`${line}:${column}, Flink ${at}: ${sql}`);
		}
	}
	expect(differences).toEqual([]);
});

test("accepts what Flink's parser accepts", () => {
	const differences: string[] = [];
	for (const { sql, accepted } of readLines<Verdict>("flink-verdicts.jsonl")) {
		const known = (accepted ? REFUSALS : EXTENSIONS).some((pattern) => pattern.test(sql));
		try {
			parse(sql);
			if (!accepted && !known) differences.push(`only we accept: ${sql}`);
		} catch (error) {
			if (!(error instanceof SqlError)) throw error;
			if (accepted && !known) differences.push(`only Flink accepts: ${sql} — ${error.message}`);
		}
	}
	expect(differences).toEqual([]);
});

test("groups operators as Flink does", () => {
	const groupings = readLines<Grouping>("flink-precedence.jsonl");
	expect(groupings.length).toBeGreaterThan(500);
	for (const { sql, grouped } of groupings) {
		const ours = JSON.stringify(withoutPositions(parseStatement(sql)));
		const theirs = JSON.stringify(withoutPositions(parseStatement(grouped)));
		// Flink prints 1e3 as 1E3.
		expect(ours.toUpperCase(), sql).toBe(theirs.toUpperCase());
	}
});
