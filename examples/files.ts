// A script as Flink runs it: a CSV file in, JSON lines out.
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Millrace } from "millrace";

const folder = await mkdtemp(join(tmpdir(), "millrace-example-"));
await writeFile(join(folder, "in.csv"), "apple,3\npear,1\napple,4\n");

await using session = await Millrace.open();
await session.execute(`
	SET 'execution.runtime-mode' = 'batch';
	CREATE TABLE fruit (name STRING, n INT) WITH ('connector' = 'filesystem', 'path' = '${folder}/in.csv', 'format' = 'csv');
	CREATE TABLE totals (name STRING, n INT) WITH ('connector' = 'filesystem', 'path' = '${folder}/out', 'format' = 'json');
	INSERT INTO totals SELECT name, SUM(n) FROM fruit GROUP BY name;
`);
for (const file of await readdir(join(folder, "out"))) console.log(await readFile(join(folder, "out", file), "utf8"));
