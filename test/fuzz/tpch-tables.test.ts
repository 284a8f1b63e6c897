// The generated tables at SF 0.1 and 1 are those of the official dbgen, byte for byte.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Region } from "../../src/wasm/region.js";
import { TABLE_NAMES } from "../../tpch/schema.js";
import { tblText } from "../../tpch/tbl.js";

/** Of files written by TPC's dbgen 2.14.0. */
const official = JSON.parse(readFileSync("test/golden/tpch/tables.json", "utf8"));

test.each(["0.1", "1"])(
	"every table at SF %s has the official checksum",
	async (scaleFactor) => {
		const region = await Region.create();
		for (const name of TABLE_NAMES) {
			const hash = createHash("sha256");
			for await (const piece of tblText(name, Number(scaleFactor), { region })) hash.update(piece);
			expect([name, hash.digest("hex")]).toEqual([name, official[scaleFactor][name].sha256]);
		}
	},
	1_200_000,
);
