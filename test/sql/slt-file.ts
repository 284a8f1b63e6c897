// SQL logic test files. Records are separated by empty lines; a line that starts with # is a comment:
//
//   stream bid            statement ok          query table ITR rowsort      statement error user:SYNTAX at 1:8
//   +I {"a": 1}           CREATE TABLE …        SELECT …                     SELECT nope FROM bid
//   end                                         ----
//                                               1<tab>x<tab>0.5
//
// `onlyif batch` or `onlyif streaming` before a record restricts it, so does `onlyif optimizer` where Flink's answer comes from a rule (a
// comment says which); `session` starts a new one. Types: I integers, R numbers compared
// with a tolerance, T everything else as text; `nosort` where the order counts.

export interface SltError {
	readonly code?: string | undefined;
	/** line:column of the statement. */
	readonly at?: string | undefined;
}

interface Place {
	readonly line: number;
	readonly onlyIf?: string | undefined;
}

export type SltRecord = Place &
	(
		| { readonly kind: "session" }
		| { readonly kind: "stream"; readonly name: string; readonly changes: readonly string[] }
		| { readonly kind: "statement"; readonly sql: string; readonly error?: SltError | undefined }
		| {
				readonly kind: "query";
				readonly sql: string;
				readonly types: string;
				readonly ordered: boolean;
				readonly rows: readonly string[];
		  }
	);

export function parseSlt(text: string): SltRecord[] {
	const records: SltRecord[] = [];
	const lines = text.split("\n");
	let onlyIf: string | undefined;
	for (let at = 0; at < lines.length; ) {
		const start = at;
		const head = lines[at] as string;
		at++;
		if (head === "" || head.startsWith("#")) continue;
		const [word, ...rest] = head.split(" ");
		const place = { line: start + 1, onlyIf };
		const until = (end: string) => {
			const from = at;
			while (at < lines.length && lines[at] !== end) at++;
			return lines.slice(from, at++);
		};
		if (word === "onlyif") {
			onlyIf = rest[0];
			continue;
		}
		if (word === "session") records.push({ ...place, kind: "session" });
		else if (word === "stream")
			records.push({ ...place, kind: "stream", name: rest[0] as string, changes: until("end") });
		else if (word === "statement") records.push({ ...place, ...statement(rest, until("")) });
		else if (word === "query" && rest[0] === "table") records.push({ ...place, ...query(rest, until("")) });
		else throw new Error(`line ${start + 1}: unknown record '${head}'`);
		onlyIf = undefined;
	}
	return records;
}

function statement([outcome, ...rest]: readonly string[], lines: readonly string[]) {
	const sql = lines.join("\n");
	if (outcome === "ok") return { kind: "statement" as const, sql };
	const code = rest[0]?.startsWith("user:") ? rest[0].slice("user:".length) : undefined;
	const at = rest.at(-2) === "at" ? rest.at(-1) : undefined;
	return { kind: "statement" as const, sql, error: { code, at } };
}

function query([, types, sort]: readonly string[], lines: readonly string[]) {
	const divider = lines.indexOf("----");
	const sql = lines.slice(0, divider).join("\n");
	return {
		kind: "query" as const,
		sql,
		types: types as string,
		ordered: sort === "nosort",
		rows: lines.slice(divider + 1),
	};
}
