// The Nexmark source: persons, auctions and bids of an online auction, generated in WebAssembly straight into columns.
import type { ConnectorTable } from "../../job/specs.js";
import type { ColumnStatistics } from "../../types/column-statistics.js";
import type { Connector } from "../connector.js";
import { TYPE_FIELD } from "./layout.js";
import { BLOCK_EVENTS, NEXMARK_OPTIONS, nexmarkConfig } from "./options.js";
import { checkEventSchema } from "./schema.js";

let code: typeof import("./reader.js");

export const nexmark: Connector = {
	name: "nexmark",
	doc: "Generates the events of the Nexmark benchmark, reproducibly.",
	options: NEXMARK_OPTIONS,
	describe(table: ConnectorTable) {
		checkEventSchema(table);
		const { events, keepAlive, mode } = nexmarkConfig(table);
		const hasEnd = Number.isFinite(events);
		const blocks = Math.max(1, Math.ceil(events / BLOCK_EVENTS));
		return {
			changelog: "insert",
			bounded: hasEnd && !keepAlive,
			...(hasEnd ? { statistics: { rows: events, columns: typeStatistics(table) } } : {}),
			...(mode === "stream" ? { maxParallelism: 1 } : hasEnd ? { maxParallelism: blocks } : {}),
		};
	},
	load: async () => {
		code = await import("./reader.js");
	},
	source: { open: (context) => new code.NexmarkReader(context, nexmarkConfig(context.table)) },
};

/** How many of the events are persons, auctions and bids, for plans that choose by filters on the type. */
function typeStatistics(table: ConnectorTable): (ColumnStatistics | undefined)[] {
	const { personShare, auctionShare, bidShare } = nexmarkConfig(table);
	const all = personShare + auctionShare + bidShare;
	const shares = [personShare, auctionShare, bidShare].map((share, type) => [type, share / all] as const);
	return table.columns.map(({ name }) => (name === TYPE_FIELD.name ? { distinct: 3, shares } : undefined));
}
