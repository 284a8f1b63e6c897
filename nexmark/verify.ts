// Checks that both engines give the same table for a query: final table, rows compared as sorted text.
import { createHash } from "node:crypto";
import { parse, print } from "../src/sql/index.js";
import { rowText } from "../src/types/row-text.js";
import { openSuite, type RunSettings, scriptSettings } from "./measure.js";
import type { HarnessEngine } from "./options.js";
import { suiteScript } from "./queries.js";

/** Counts by processing time: what its rows are depends on the clock, only their sums do not. */
const PROCESSING_TIME_QUERY = "q12";
const PROCESSING_TIME_LIMIT_MS = 20_000;

export interface ResultDigest {
	readonly rows: number;
	/** SHA-256 over the rows as text (as Flink's SQL client prints values, tab-separated), sorted as bytes, each with a newline. */
	readonly sha256: string;
}

/** The final table of `settings.query`, run as a SELECT instead of an INSERT. */
export async function digestOf(settings: RunSettings): Promise<ResultDigest> {
	const session = await openSuite(settings);
	try {
		let digest: ResultDigest | undefined;
		for (const statement of parse(suiteScript(settings.query, scriptSettings(settings)))) {
			if (statement.kind !== "Insert") {
				await session.execute(print(statement));
				continue;
			}
			const result = session.query(print(statement.query), { signal: settings.signal });
			const rows = await result.finalRows();
			digest = digestRows(rows.map((row) => rowText(row, result.schema)));
		}
		if (!digest) throw new Error(`${settings.query}.sql holds no INSERT`);
		return digest;
	} finally {
		await session.close();
	}
}

/** Bids per bidder, summed over q12's windows, of one second here; the source stays open until the last window has closed. */
async function digestOfSums(settings: RunSettings, bids: number): Promise<ResultDigest> {
	const source = { ...settings.source, "keep-alive": "true" };
	const session = await openSuite({ ...settings, source });
	const signals = [AbortSignal.timeout(PROCESSING_TIME_LIMIT_MS), ...(settings.signal ? [settings.signal] : [])];
	const sums = new Map<bigint, bigint>();
	try {
		for (const statement of parse(suiteScript("q12", {}).replace("INTERVAL '10' SECOND", "INTERVAL '1' SECOND"))) {
			if (statement.kind !== "Insert") {
				await session.execute(print(statement));
				continue;
			}
			let missing = bids;
			for await (const { row } of session
				.query(print(statement.query), { signal: AbortSignal.any(signals) })
				.changes()) {
				const { bidder, bid_count } = row as { bidder: bigint; bid_count: bigint };
				sums.set(bidder, (sums.get(bidder) ?? 0n) + bid_count);
				missing -= Number(bid_count);
				if (missing <= 0) break;
			}
		}
	} finally {
		await session.close();
	}
	return digestRows([...sums].map(([bidder, count]) => `${bidder}\t${count}`));
}

/** What q12's sums must be. */
async function bidsPerBidder(settings: RunSettings): Promise<{ readonly bids: number; readonly digest: ResultDigest }> {
	const session = await openSuite(settings);
	try {
		const counts = await session.query("SELECT bidder, COUNT(*) AS n FROM bid GROUP BY bidder").toArray();
		const bids = counts.reduce((sum, { n }) => sum + Number(n), 0);
		return { bids, digest: digestRows(counts.map(({ bidder, n }) => `${bidder}\t${n}`)) };
	} finally {
		await session.close();
	}
}

function digestRows(lines: readonly string[]): ResultDigest {
	const hash = createHash("sha256");
	const sorted = lines.map((line) => Buffer.from(line)).sort(Buffer.compare);
	for (const line of sorted) hash.update(line).update("\n");
	return { rows: lines.length, sha256: hash.digest("hex") };
}

export interface Verification {
	readonly verified: boolean;
	readonly digests: Readonly<Record<HarnessEngine, ResultDigest>>;
}

/** Runs the query with both engines over the same events. q12 from a file, where it has no result, is compared as it is. */
export async function verify(settings: Omit<RunSettings, "engine">): Promise<Verification> {
	const isByClock = settings.query === PROCESSING_TIME_QUERY && settings.input === undefined;
	if (isByClock) return await verifySums(settings);
	const wasm = await digestOf({ ...settings, engine: "wasm" });
	const baseline = await digestOf({ ...settings, engine: "baseline" });
	return { verified: wasm.sha256 === baseline.sha256, digests: { wasm, baseline } };
}

async function verifySums(settings: Omit<RunSettings, "engine">): Promise<Verification> {
	const { bids, digest } = await bidsPerBidder({ ...settings, engine: "baseline" });
	const wasm = await digestOfSums({ ...settings, engine: "wasm" }, bids);
	const baseline = await digestOfSums({ ...settings, engine: "baseline" }, bids);
	return {
		verified: wasm.sha256 === digest.sha256 && baseline.sha256 === digest.sha256,
		digests: { wasm, baseline },
	};
}
