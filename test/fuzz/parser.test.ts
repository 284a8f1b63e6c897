// Mutation fuzzing of the SQL front end: 250,000 damaged statements, none may crash, hang or lose its tree. A failure
// names its seed; run with PARSER_FUZZ_SEED to begin elsewhere.
import { expect, test } from "vitest";
import { generateStatement } from "../sql-front/generate.js";
import { mutate } from "../sql-front/mutate.js";
import { readGolden, readLines } from "../sql-front/positions.js";
import { checkText } from "../sql-front/robustness.js";

const COUNT = 250_000;
const FIRST_SEED = Number(process.env.PARSER_FUZZ_SEED ?? 1_000_000);

test(`${COUNT} damaged statements give a tree or a SqlError, quickly`, () => {
	const corpus = (JSON.parse(readGolden("corpus.json")) as { sql: string }[]).map(({ sql }) => sql);
	const golden = readLines<{ sql: string }>("statements.jsonl.gz").map(({ sql }) => sql.slice(0, 2000));
	const verdicts = readLines<{ sql: string }>("flink-verdicts.jsonl").map(({ sql }) => sql);
	const generated = Array.from({ length: 1000 }, (_, seed) => generateStatement(seed));
	const statements = [...corpus, ...golden, ...verdicts, ...generated];
	let accepted = 0;
	let slowest = 0;
	for (let seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed++) {
		const sql = mutate(statements, seed);
		const start = performance.now();
		try {
			if (checkText(sql)) accepted++;
		} catch (error) {
			throw new Error(`seed ${seed}: ${JSON.stringify(sql)}`, { cause: error });
		}
		slowest = Math.max(slowest, performance.now() - start);
	}
	expect(accepted).toBeGreaterThan(COUNT / 100);
	expect(accepted).toBeLessThan(COUNT);
	expect(slowest).toBeLessThan(2000);
});
