// docs/options.md lists what the code declares (`npx vitest run test/docs --update` rewrites it).
import { join } from "node:path";
import { expect, test } from "vitest";
import { IGNORED_OPTIONS, SESSION_OPTIONS } from "../../src/job/session-options.js";
import { optionTable } from "./option-table.js";

test("options.md", async () => {
	const text = [
		"# Options of a session",
		"Generated from the declarations in the code. Set them in SQL, `SET 'parallelism.default' = '2'`, when a session is opened, " +
			"`Millrace.open({ options: { … } })`, or at the terminal, `millrace sql --set key=value`. `SET` alone lists what is set, `RESET` takes it " +
			"back. A value that an option cannot have is refused, and so is a key that differs by one or two letters from one that is known. Other keys " +
			"are kept and have no effect, as in Flink.",
		optionTable(SESSION_OPTIONS),
		"Keys that Flink does not have: `table.exec.batch-size`, `table.exec.engine`, `table.exec.inline`, `taskmanager.memory.task.size`. Flink ignores them.",
		"## Without effect",
		"Flink's options that scripts may set and that change nothing here. State is kept as long as a query needs it (`table.exec.state.ttl`), " +
			"and rows are handled batch by batch whatever `table.exec.mini-batch.*` says.",
		IGNORED_OPTIONS.map((name) => `\`${name}\``).join(", "),
	].join("\n\n");
	await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, "../../docs/options.md"));
});
