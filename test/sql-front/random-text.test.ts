// Generated statements print to themselves; damaged ones are parsed or refused, never anything else. The long run of the
// same checks is test/fuzz/parser.test.ts.
import { expect, test } from "vitest";
import { generateStatement } from "./generate.js";
import { mutate } from "./mutate.js";
import { readGolden } from "./positions.js";
import { checkText } from "./robustness.js";

const corpus = (JSON.parse(readGolden("corpus.json")) as { sql: string }[]).map(({ sql }) => sql);

function check(sql: string, seed: number): boolean {
	try {
		return checkText(sql);
	} catch (error) {
		throw new Error(`seed ${seed}: ${JSON.stringify(sql)}`, { cause: error });
	}
}

test("generated statements parse and print to the same tree", () => {
	let accepted = 0;
	for (let seed = 0; seed < 2000; seed++) if (check(generateStatement(seed), seed)) accepted++;
	// Not all are valid: `a LIKE b = c ESCAPE '!'` has its ESCAPE at the wrong place.
	expect(accepted).toBeGreaterThan(1800);
});

test("damaged statements give a tree or a SqlError", () => {
	const statements = [...corpus, ...Array.from({ length: 100 }, (_, seed) => generateStatement(seed))];
	let refused = 0;
	for (let seed = 0; seed < 4000; seed++) if (!check(mutate(statements, seed), seed)) refused++;
	expect(refused).toBeGreaterThan(2000);
});

test("an error behind an unclosed comment of several lines is inside the text", () => {
	expect(checkText("EXECUTE STATEMENT SET BEGIN\nINSER x /* a\nb")).toBe(false);
});
