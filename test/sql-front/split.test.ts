// Cutting a script into statements, as a prompt needs it.
import { expect, test } from "vitest";
import { splitStatements } from "../../src/sql/index.js";

const split = (script: string) =>
	splitStatements(script).map(({ text, isComplete }) => (isComplete ? text : `${text} …`));

test("statements end at semicolons, not at those in strings, names and comments", () => {
	expect(split("SELECT ';' AS `;`; -- a; b\n/* ; */ SELECT 2 ; ;")).toEqual(["SELECT ';' AS `;`", "SELECT 2"]);
});

test("the last statement tells whether its semicolon is there", () => {
	expect(split("SELECT 1; SELECT\n  2 -- more")).toEqual(["SELECT 1", "SELECT\n  2 …"]);
	expect(split("SELECT 'abc;\n")).toEqual(["SELECT 'abc;\n …"]);
	expect(split("  -- nothing\n")).toEqual([]);
});

test("a statement set is one statement", () => {
	const begun = "BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;\nINSERT INTO b SELECT CASE WHEN x THEN 1 END;";
	expect(split(begun)).toEqual([`${begun} …`]);
	expect(split(`${begun}\nEND; SELECT 1;`)).toEqual([`${begun}\nEND`, "SELECT 1"]);
	const executed = "EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1; END";
	expect(split(`${executed}; SELECT 1;`)).toEqual([executed, "SELECT 1"]);
});

test("positions point into the script", () => {
	const script = "SELECT 1;\n\n  SELECT 2;";
	expect(splitStatements(script)[1]?.position).toEqual({ line: 3, column: 3, start: 13, end: 21 });
});
