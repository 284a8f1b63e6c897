import { describe, expect, test } from "vitest";
import { EngineError } from "../../src/errors.js";
import {
	checkOptionNames,
	option,
	optionFamily,
	parseDuration,
	parseMemorySize,
	readOptions,
} from "../../src/types/option.js";

const owner = { subject: "the 'x' connector" };
const descriptions = {
	path: option.required(option.string({ doc: "The path." })),
	"check-interval": option.duration({ default: 60_000, doc: "How often." }),
	"file-size": option.memory({ default: 1, doc: "How large." }),
	mode: option.enum(["fail", "drop"], { default: "fail", doc: "What to do." }),
	rows: option.integer({ min: 0, doc: "How many." }),
	"fields.#.kind": option.enum(["random", "sequence"], { default: "random", doc: "Kind." }),
};

function failure(act: () => unknown): EngineError {
	try {
		act();
	} catch (error) {
		if (error instanceof EngineError) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}

describe("option values", () => {
	test.each([
		["5 s", 5000],
		["1min", 60_000],
		["2 hours", 7_200_000],
		["250", 250],
		["3 d", 259_200_000],
		["10 MS", 10],
	])("duration %s", (text, ms) => expect(parseDuration(text)).toBe(ms));

	test.each([
		["128 mb", 134_217_728],
		["64k", 65_536],
		["1 gb", 1_073_741_824],
		["17", 17],
	])("memory size %s", (text, bytes) => expect(parseMemorySize(text)).toBe(bytes));

	test("parsed values and defaults", () => {
		const values = readOptions({ path: "/a", "file-size": "1 kb", mode: "DROP" }, descriptions, owner);
		expect(values).toEqual({ path: "/a", "check-interval": 60_000, "file-size": 1024, mode: "drop", rows: undefined });
	});

	test("families", () => {
		const kinds = optionFamily({ "fields.a.b.kind": "sequence" }, "fields.#.kind", descriptions["fields.#.kind"]);
		expect([...kinds]).toEqual([["a.b", "sequence"]]);
	});
});

describe("refusals", () => {
	test.each([
		[{}, "MISSING_OPTION", "'path'"],
		[{ path: "/a", "check-interval": "soon" }, "INVALID_OPTION", "'check-interval'"],
		[{ path: "/a", "file-size": "1 parsec" }, "INVALID_OPTION", "'file-size'"],
		[{ path: "/a", mode: "explode" }, "INVALID_OPTION", "one of fail, drop"],
		[{ path: "/a", rows: "-1" }, "INVALID_OPTION", "from 0"],
	])("%j", (options, code, text) => {
		const error = failure(() => readOptions(options as Record<string, string>, descriptions, owner));
		expect(error.code).toBe(code);
		expect(error.message).toContain(text);
	});

	test("an unknown name suggests the near miss", () => {
		const error = failure(() => checkOptionNames({ path: "/a", "file-szie": "1" }, descriptions, owner));
		expect(error.code).toBe("UNKNOWN_OPTION");
		expect(error.message).toContain("Did you mean 'file-size'?");
		checkOptionNames({ path: "/a", "fields.z.kind": "x" }, descriptions, owner);
	});
});
