// Functions in TypeScript, called from SQL: one for a value, one that makes rows.
import { Millrace, scalarFunction, tableFunction } from "millrace";

await using session = await Millrace.open();
session.register(
	scalarFunction({
		name: "shout",
		parameters: ["STRING"],
		returns: "STRING",
		eval: (text) => `${text.toUpperCase()}!`,
	}),
);
session.register(
	tableFunction({
		name: "words",
		parameters: ["STRING"],
		returns: "ROW<word STRING>",
		eval: (text) => text.split(" ").map((word) => ({ word })),
	}),
);

session.registerTable("lines", [{ line: "to be or" }, { line: "not to be" }]);
const sql = `
	SELECT shout(word) AS word, COUNT(*) AS times
	FROM lines, LATERAL TABLE(words(line))
	GROUP BY word
	HAVING COUNT(*) > 1`;
for (const { word, times } of await session.query(sql).toArray()) console.log(`${word} ${times}`);
