// ORDER BY of texts that begin alike: by their bytes, NULLs where they are wanted, ties by the next key.
import { expect, test } from "vitest";
import { Millrace } from "../../src/index.js";

const TEXTS = [
	"",
	"a",
	"a\0",
	"same",
	"same pre",
	"same prefix",
	"same prefix, longer",
	"same prefix, lower",
	"Ä",
	"zebra",
	null,
];
const byBytes = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));

test.each([
	["ASC", "NULLS FIRST"],
	["ASC", "NULLS LAST"],
	["DESC", "NULLS FIRST"],
	["DESC", "NULLS LAST"],
])("%s %s", async (direction, nulls) => {
	await using session = await Millrace.open({ options: { "execution.runtime-mode": "batch" } });
	const rows = Array.from({ length: 400 }, (_, id) => ({ text: TEXTS[(id * 7) % TEXTS.length], id: (id * 37) % 400 }));
	session.registerTable("t", rows, { schema: "text STRING, id INT" });
	const found = await session.query(`SELECT text, id FROM t ORDER BY text ${direction} ${nulls}, id DESC`).finalRows();
	const sign = direction === "ASC" ? 1 : -1;
	const wanted = rows
		.map(({ text, id }) => [text, id] as [string | null, number])
		.sort(([a, i], [b, j]) => {
			if (a === b) return j - i;
			if (a === null || b === null) return (a === null) === (nulls === "NULLS FIRST") ? -1 : 1;
			return sign * byBytes(a, b);
		});
	expect(found).toEqual(wanted);
});
