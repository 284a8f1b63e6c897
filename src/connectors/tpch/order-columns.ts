// The columns of orders and of their lines, which follow from the same draws.
import { type Chunk, MOST_LINES, type Stream } from "./chunk.js";
import { draws, lineDraws, type Maker, type Numbers } from "./column-makers.js";

const FIRST_DAY = 8035;
const LAST_ORDER_DAY = FIRST_DAY + 2405;

const orderDates = draws({ seed: 1066728069, low: FIRST_DAY, high: LAST_ORDER_DAY });

const partStream = (chunk: Chunk): Stream => ({ seed: 1808217256, low: 1, high: chunk.scale.parts });
const parts: Numbers = (chunk) => chunk.lineDraws(partStream(chunk));
const quantities = lineDraws({ seed: 209208115, low: 1, high: 50 });
const discounts = lineDraws({ seed: 554590007, low: 0, high: 10 });
const taxes = lineDraws({ seed: 721958466, low: 0, high: 8 });

/** Days after the order's date. */
const daysAfterOrder =
	(stream: Stream): Numbers =>
	(chunk) => {
		const dates = orderDates(chunk);
		return chunk.shared(`${stream.seed}`, chunk.lines, (out) => {
			chunk.fillLines(stream, out);
			chunk.region.kernels.tpchAddOrderDates(dates, chunk.counts, chunk.units, out);
		});
	};
const shipDates = daysAfterOrder({ seed: 1769349045, low: 1, high: 121 });
const commitDates = daysAfterOrder({ seed: 904914315, low: 30, high: 90 });

const receiptDates: Numbers = (chunk) => {
	const shipped = shipDates(chunk);
	return chunk.shared("receipts", chunk.lines, (out) => {
		chunk.fillLines({ seed: 373135028, low: 1, high: 30 }, out);
		chunk.region.kernels.tpchCombine(out, 1, shipped, chunk.lines);
	});
};

/** The 17th of June 1995, in days since 1970. */
const TODAY = 9298;
const NOT_RECEIVED = 2;
const returnFlags: Numbers = (chunk) => {
	const received = receiptDates(chunk);
	return chunk.shared("returns", chunk.lines, (out) => {
		const seed = chunk.seedAt({ seed: 717419739, low: 0, high: 1, perRow: MOST_LINES }, chunk.first);
		const { kernels } = chunk.region;
		kernels.tpchReturnDraws(seed, MOST_LINES, chunk.counts, chunk.units, received, TODAY, NOT_RECEIVED, out);
	});
};

const lineStates: Numbers = (chunk) => {
	const shipped = shipDates(chunk);
	return chunk.shared("states", chunk.lines, (out) => chunk.region.kernels.tpchIsPast(shipped, chunk.lines, out));
};

const supplierNumbers = lineDraws({ seed: 2095021727, low: 0, high: 3 });

const linesOf =
	(write: (chunk: Chunk, out: number) => readonly [keys: number, numbers: number]): Maker =>
	(chunk, out) => {
		const [keys, numbers] = write(chunk, out);
		chunk.region.kernels.tpchLines(chunk.first + 1, chunk.counts, chunk.units, keys, numbers);
	};

export const line = {
	parts,
	quantities,
	discounts,
	taxes,
	shipDates,
	commitDates,
	receiptDates,
	returnFlags,
	states: lineStates,
	instructions: lineDraws({ seed: 1371272478, low: 0, high: 3 }),
	shipModes: lineDraws({ seed: 675466456, low: 0, high: 6 }),
	orderKeys: linesOf((_, out) => [out, 0]),
	numbers: linesOf((_, out) => [0, out]),
	suppliers: ((chunk, out) => {
		const numbers = supplierNumbers(chunk);
		chunk.region.kernels.tpchSuppliers(parts(chunk), numbers, chunk.lines, chunk.scale.suppliers, out);
	}) satisfies Maker,
	extendedPrices: ((chunk, out) =>
		chunk.region.kernels.tpchExtendedPrices(parts(chunk), quantities(chunk), chunk.lines, out)) satisfies Maker,
};

const customers: Numbers = (chunk) =>
	chunk.shared("customers", chunk.units, (out) => {
		const { kernels } = chunk.region;
		const most = chunk.scale.customers;
		kernels.copyBytes(out, chunk.draws({ seed: 851767375, low: 1, high: most }), chunk.units * 4);
		kernels.tpchActiveCustomers(out, chunk.units, most);
	});

const orderStates: Numbers = (chunk) => {
	const shipped = shipDates(chunk);
	return chunk.shared("order-states", chunk.units, (out) =>
		chunk.region.kernels.tpchOrderStates(chunk.counts, chunk.units, shipped, out),
	);
};

const totals: Maker = (chunk, out) => {
	const inputs = [parts, quantities, discounts, taxes].map((numbers) => numbers(chunk));
	const [part, quantity, discount, tax] = inputs as [number, number, number, number];
	chunk.region.kernels.tpchOrderTotals(chunk.counts, chunk.units, part, quantity, discount, tax, out);
};

export const order = {
	customers,
	totals,
	dates: orderDates,
	states: orderStates,
	priorities: draws({ seed: 591449447, low: 0, high: 4 }),
	clerks: ((chunk) => chunk.draws({ seed: 1171034773, low: 1, high: chunk.scale.clerks })) satisfies Numbers,
	keys: ((chunk, out) => chunk.region.kernels.tpchOrderKeys(chunk.first + 1, chunk.units, out)) satisfies Maker,
	shipPriorities: ((chunk, out) => chunk.region.kernels.fillBytes(out, 0, chunk.units * 4)) satisfies Maker,
};
