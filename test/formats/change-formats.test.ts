// Changes as Canal, Maxwell and GoldenGate write them, and raw lines. Whole streams, with Flink's answers, are in test/golden/sql.
import { expect, test } from "vitest";
import { decode, rowTexts } from "./decode.js";

const read = async (format: string, input: string, options: Record<string, string> = {}) => {
	const decoded = await decode(format, "id INT, v STRING", input, options, { pieceBytes: 7 });
	return rowTexts(decoded).map((text, i) => `${decoded.kinds[i]} ${text.replace("\t", " ")}`);
};

test("canal-json: several rows in a message; what an update leaves out is as before", async () => {
	const rows = '[{"id":"1","v":"a"},{"id":"2","v":"b"}]';
	const input = [
		`{"data":${rows},"old":null,"type":"INSERT","database":"d","table":"t"}`,
		`{"data":${rows},"old":[{"v":"x"},{"id":"7","v":null}],"type":"UPDATE","database":"d","table":"t"}`,
		'{"data":null,"old":null,"type":"CREATE","database":"d","table":"t"}',
		`{"data":${rows},"old":null,"type":"DELETE","database":"d","table":"other"}`,
	].join("\n");
	const inserts = ["+I 1 a", "+I 2 b"];
	const updates = ["-U 1 x", "+U 1 a", "-U 7 NULL", "+U 2 b"];
	expect(await read("canal-json", input)).toEqual([...inserts, ...updates, "-D 1 a", "-D 2 b"]);
	expect(await read("canal-json", input, { "table.include": "t|u" })).toEqual([...inserts, ...updates]);
	expect(await read("canal-json", input, { "database.include": "x" })).toEqual([]);
});

test.each([
	["canal-json", '{"data":[{"id":1}],"type":"MERGE"}', "unknown 'type' \"MERGE\", expected INSERT, UPDATE or DELETE"],
	["canal-json", '{"data":[{"id":1}],"type":"UPDATE"}', "'old' is no array of rows"],
	["maxwell-json", '{"data":{"id":1},"type":"update"}', "'old' of an update is missing"],
	["ogg-json", '{"before":null,"after":{"id":1},"op_type":"U"}', "'before' of an update is missing"],
])("%s refuses %s", async (format, message, problem) => {
	await expect(read(format, message)).rejects.toThrow(problem);
	expect(await read(format, message, { "ignore-parse-errors": "true" })).toEqual([]);
});

test("raw takes one column of text or bytes", async () => {
	const lines = async (columns: string, input: string, options = {}) =>
		rowTexts(await decode("raw", columns, input, options, { pieceBytes: 3 }));
	expect(await lines("line STRING", "a,b\r\n\nü")).toEqual(["a,b", "", "ü"]);
	await expect(lines("a STRING, b STRING", "x")).rejects.toThrow("one column");
	await expect(lines("a INT", "x")).rejects.toThrow("has no INT");
	await expect(lines("a STRING", "x", { charset: "nope" })).rejects.toThrow("no character set 'nope'");
});
