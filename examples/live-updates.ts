// A stream without an end: the result is a changelog that follows it.
import { setTimeout } from "node:timers/promises";
import { Millrace } from "millrace";

async function* readings() {
	for (let i = 0; ; i++) {
		await setTimeout(1);
		yield { sensor: i % 2 === 0 ? "left" : "right", degrees: 20 + i };
	}
}

await using session = await Millrace.open();
session.registerTable("readings", readings, { schema: "sensor STRING, degrees INT" });

let changes = 0;
for await (const { kind, row } of session
	.query("SELECT sensor, MAX(degrees) AS highest FROM readings GROUP BY sensor")
	.changes()) {
	console.log(`${kind} ${row.sensor} ${row.highest}`);
	if (++changes === 4) break; // ends the query, and the stream with it
}
