// The suite's SQL: complete, and in the dialect that the parser knows.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "../../src/sql/index.js";

const names = [...Array.from({ length: 24 }, (_, i) => `q${i}`), ...[0, 1, 2, 3].map((i) => `cep-q${i}`)];

test("all queries are there", () => {
	expect(readdirSync("nexmark/queries").sort()).toEqual(names.map((name) => `${name}.sql`).sort());
});

test.each(["ddl", ...names.map((name) => `queries/${name}`)])("%s parses", (name) => {
	const statements = parse(readFileSync(`nexmark/${name}.sql`, "utf8"));
	expect(statements.length).toBeGreaterThanOrEqual(name === "ddl" ? 4 : 2);
});
