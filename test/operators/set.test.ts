// Operators without state: what goes in comes out, but for what they are told to leave out.
import { expect, test } from "vitest";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { type Change, drive } from "./drive.js";

const schema = [{ name: "v", type: sql.STRING }];
const { INSERT, UPDATE_BEFORE, UPDATE_AFTER, DELETE } = RowKind;

test("Union passes the rows of all inputs on", async () => {
	const driven = { spec: { operator: "Union" } as const, inputs: [schema, schema], output: schema };
	const left: Change[] = [[INSERT, ["a"]]];
	const right: Change[] = [[DELETE, [null]]];
	const { changes } = await drive(driven, [{ changes: left }, { changes: right, input: 1 }]);
	expect(changes).toEqual([...left, ...right]);
});

test("DropUpdateBefore leaves out -U only", async () => {
	const driven = { spec: { operator: "DropUpdateBefore" } as const, inputs: [schema], output: schema };
	const kept: Change[] = [
		[INSERT, ["a"]],
		[UPDATE_AFTER, ["a string of more than twelve bytes"]],
		[DELETE, [null]],
	];
	const { changes } = await drive(driven, [
		{ changes: [kept[0] as Change, [UPDATE_BEFORE, ["b"]], ...kept.slice(1)] },
		{ changes: [[UPDATE_BEFORE, ["c"]]] },
		{ changes: [[INSERT, ["d"]]] },
	]);
	expect(changes).toEqual([...kept, [INSERT, ["d"]]]);
});

test("Values sends its rows once", async () => {
	const spec = { operator: "Values", rows: [["x"], [null]] } as const;
	const { changes } = await drive({ spec, inputs: [schema], output: schema }, []);
	expect(changes).toEqual([
		[INSERT, ["x"]],
		[INSERT, [null]],
	]);
});
