// The Nexmark source: persons, auctions and bids of an online auction, generated in WebAssembly straight into columns.
import type { ConnectorTable } from "../../job/specs.js";
import type { Connector } from "../connector.js";
import { BLOCK_EVENTS, NEXMARK_OPTIONS, nexmarkConfig } from "./options.js";
import { NexmarkReader } from "./reader.js";
import { checkEventSchema } from "./schema.js";

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
			...(hasEnd ? { statistics: { rows: events } } : {}),
			...(mode === "stream" ? { maxParallelism: 1 } : hasEnd ? { maxParallelism: blocks } : {}),
		};
	},
	source: { open: (context) => new NexmarkReader(context, nexmarkConfig(context.table)) },
};
