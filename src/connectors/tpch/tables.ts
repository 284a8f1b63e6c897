// The eight tables of TPC-H: their columns, how each is made, and what is known of its values at a scale.
import type { ColumnStatistics } from "../../types/column-statistics.js";
import { BIGINT, DATE, decimal, INTEGER, notNull, type SqlType, STRING } from "../../types/sql-type.js";
import type { Scale } from "./chunk.js";
import * as make from "./column-makers.js";
import { type Maker, perLine, perSupply, perUnit } from "./column-makers.js";
import { line, order } from "./order-columns.js";
import { supplierComments } from "./supplier-remarks.js";
import { NATIONS } from "./words.js";

/** Distinct values and the range of a column at a scale. */
export type Known = (scale: Scale) => ColumnStatistics;

export interface TableColumn {
	readonly name: string;
	readonly type: SqlType;
	readonly make: Maker;
	readonly known?: Known | undefined;
	/** For a DECIMAL column that holds whole numbers: how it is made when declared BIGINT. */
	readonly makeWhole?: Maker | undefined;
}

export interface Table {
	readonly name: string;
	readonly columns: readonly TableColumn[];
	/** Rows, parts (partsupp) or orders (lineitem) at a scale: what a chunk is a range of. */
	units(scale: Scale): number;
	/** Rows per unit, on average. */
	readonly rowsPerUnit: number;
	readonly rowsOf: typeof perUnit;
}

const column = (name: string, type: SqlType, maker: Maker, known?: Known): TableColumn => ({
	name,
	type: notNull(type),
	make: maker,
	known,
});
const money = decimal(15, 2);

const upTo =
	(most: (scale: Scale) => number): Known =>
	(scale) => ({ distinct: most(scale), min: 1n, max: BigInt(most(scale)) });
const distinct =
	(count: number): Known =>
	() => ({ distinct: count });
const integers =
	(min: number, max: number): Known =>
	() => ({ distinct: max - min + 1, min, max });
const longs =
	(min: number, max: number, count = max - min + 1): Known =>
	() => ({ distinct: count, min: BigInt(min), max: BigInt(max) });
/** Hundredths, as DECIMAL(15, 2) has them. */
const cents = longs;
/** Order keys leave out 24 of 32 numbers. */
const orderKeys: Known = ({ orders }) => ({ distinct: orders, min: 1n, max: BigInt(orders * 4) });
const FIRST_DAY = 8035;
const days = (from: number, to: number) => integers(FIRST_DAY + from, FIRST_DAY + to);

const region: Table = {
	name: "region",
	units: () => 5,
	rowsPerUnit: 1,
	rowsOf: perUnit,
	columns: [
		column("r_regionkey", BIGINT, make.asLong(make.rowNumbers, perUnit), longs(0, 4)),
		column("r_name", STRING, make.pick("regions", make.rowNumbers, perUnit), distinct(5)),
		column("r_comment", STRING, make.comments(1500869201, 72)),
	],
};

const nationRegions: make.Numbers = (chunk) =>
	chunk.shared("regions", chunk.units, (out) => {
		const regions = NATIONS.slice(chunk.first, chunk.first + chunk.units).map(([, number]) => number);
		chunk.region.i32.set(regions, out / 4);
	});

const nation: Table = {
	name: "nation",
	units: () => NATIONS.length,
	rowsPerUnit: 1,
	rowsOf: perUnit,
	columns: [
		column("n_nationkey", BIGINT, make.asLong(make.rowNumbers, perUnit), longs(0, 24)),
		column("n_name", STRING, make.pick("nations", make.rowNumbers, perUnit), distinct(25)),
		column("n_regionkey", BIGINT, make.asLong(nationRegions, perUnit), longs(0, 4)),
		column("n_comment", STRING, make.comments(606179079, 72)),
	],
};

const nationDraws = (seed: number) => make.draws({ seed, low: 0, high: NATIONS.length - 1 });
const balance = (seed: number) => make.asLong(make.draws({ seed, low: -99_999, high: 999_999 }), perUnit);
const balances = cents(-99_999, 999_999);
const rowKeys: make.Numbers = (chunk) =>
	chunk.shared("keys", chunk.units, (out) => chunk.region.kernels.tpchRowNumbers(chunk.first + 1, 1, chunk.units, out));

const supplierNations = nationDraws(110356601);
const supplier: Table = {
	name: "supplier",
	units: (scale) => scale.suppliers,
	rowsPerUnit: 1,
	rowsOf: perUnit,
	columns: [
		column(
			"s_suppkey",
			BIGINT,
			make.keys,
			upTo(({ suppliers }) => suppliers),
		),
		column("s_name", STRING, make.numbered("Supplier#", rowKeys), ({ suppliers }) => ({ distinct: suppliers })),
		column("s_address", STRING, make.addresses(706178559), ({ suppliers }) => ({ distinct: suppliers })),
		column("s_nationkey", BIGINT, make.asLong(supplierNations, perUnit), longs(0, 24)),
		column("s_phone", STRING, make.phones(884434366, supplierNations), ({ suppliers }) => ({ distinct: suppliers })),
		column("s_acctbal", money, balance(962338209), balances),
		column("s_comment", STRING, supplierComments, ({ suppliers }) => ({ distinct: suppliers })),
	],
};

const customerNations = nationDraws(1489529863);
const segments = make.draws({ seed: 1140279430, low: 0, high: 4 });
const customer: Table = {
	name: "customer",
	units: (scale) => scale.customers,
	rowsPerUnit: 1,
	rowsOf: perUnit,
	columns: [
		column(
			"c_custkey",
			BIGINT,
			make.keys,
			upTo(({ customers }) => customers),
		),
		column("c_name", STRING, make.numbered("Customer#", rowKeys), ({ customers }) => ({ distinct: customers })),
		column("c_address", STRING, make.addresses(881155353), ({ customers }) => ({ distinct: customers })),
		column("c_nationkey", BIGINT, make.asLong(customerNations, perUnit), longs(0, 24)),
		column("c_phone", STRING, make.phones(1521138112, customerNations), ({ customers }) => ({ distinct: customers })),
		column("c_acctbal", money, balance(298370230), balances),
		column("c_mktsegment", STRING, make.pick("segments", segments, perUnit), distinct(5)),
		column("c_comment", STRING, make.comments(1335826707, 73), ({ customers }) => ({ distinct: customers })),
	],
};

const manufacturers = make.draws({ seed: 1, low: 0, high: 4 });
const brandDigits = make.draws({ seed: 46831694, low: 1, high: 5 });
const brands: make.Numbers = (chunk) =>
	chunk.shared("brands", chunk.units, (out) => {
		const { kernels } = chunk.region;
		kernels.copyBytes(out, manufacturers(chunk), chunk.units * 4);
		kernels.tpchCombine(out, 10, brandDigits(chunk), chunk.units);
	});
const containers = make.draws({ seed: 727633698, low: 0, high: 39 });
const types = make.draws({ seed: 1841581359, low: 0, high: 149 });
const retailPrices: Maker = (chunk, out) => chunk.region.kernels.tpchRetailPrices(rowKeys(chunk), chunk.units, out);

const part: Table = {
	name: "part",
	units: (scale) => scale.parts,
	rowsPerUnit: 1,
	rowsOf: perUnit,
	columns: [
		column(
			"p_partkey",
			BIGINT,
			make.keys,
			upTo(({ parts }) => parts),
		),
		column("p_name", STRING, make.partNames(709314158), ({ parts }) => ({ distinct: parts })),
		column("p_mfgr", STRING, make.pick("manufacturers", manufacturers, perUnit), distinct(5)),
		column("p_brand", STRING, make.pick("brands", brands, perUnit), distinct(25)),
		column("p_type", STRING, make.pick("types", types, perUnit), distinct(150)),
		column(
			"p_size",
			INTEGER,
			make.asInteger(make.draws({ seed: 1193163244, low: 1, high: 50 }), perUnit),
			integers(1, 50),
		),
		column("p_container", STRING, make.pick("containers", containers, perUnit), distinct(40)),
		column("p_retailprice", money, retailPrices, cents(90_000, 210_000, 20_000)),
		column("p_comment", STRING, make.comments(804159733, 14), ({ parts }) => ({ distinct: parts })),
	],
};

const supplyParts: make.Numbers = (chunk) =>
	chunk.shared("parts", chunk.units * 4, (out) =>
		chunk.region.kernels.tpchRowNumbers(chunk.first + 1, 4, chunk.units * 4, out),
	);
const suppliersOfParts: Maker = (chunk, out) =>
	chunk.region.kernels.tpchSuppliers(supplyParts(chunk), 0, chunk.units * 4, chunk.scale.suppliers, out);
const available = make.supplyDraws({ seed: 1671059989, low: 1, high: 9999 });
const supplyCosts = make.supplyDraws({ seed: 1051288424, low: 100, high: 100_000 });

const partsupp: Table = {
	name: "partsupp",
	units: (scale) => scale.parts,
	rowsPerUnit: 4,
	rowsOf: perSupply,
	columns: [
		column(
			"ps_partkey",
			BIGINT,
			make.asLong(supplyParts, perSupply),
			upTo(({ parts }) => parts),
		),
		column(
			"ps_suppkey",
			BIGINT,
			suppliersOfParts,
			upTo(({ suppliers }) => suppliers),
		),
		column("ps_availqty", INTEGER, make.asInteger(available, perSupply), integers(1, 9999)),
		column("ps_supplycost", money, make.asLong(supplyCosts, perSupply), cents(100, 100_000)),
		column("ps_comment", STRING, make.comments(1961692154, 124, 4)),
	],
};

const orders: Table = {
	name: "orders",
	units: (scale) => scale.orders,
	rowsPerUnit: 1,
	rowsOf: perUnit,
	columns: [
		column("o_orderkey", BIGINT, order.keys, orderKeys),
		// A third of the customers has no orders.
		column("o_custkey", BIGINT, make.asLong(order.customers, perUnit), ({ customers }) => ({
			distinct: Math.ceil((customers * 2) / 3),
			min: 1n,
			max: BigInt(customers),
		})),
		column("o_orderstatus", STRING, make.pick("orderStates", order.states, perUnit), distinct(3)),
		column("o_totalprice", money, order.totals, cents(85_000, 60_000_000, 1_000_000)),
		column("o_orderdate", DATE, make.asInteger(order.dates, perUnit), days(0, 2405)),
		column("o_orderpriority", STRING, make.pick("priorities", order.priorities, perUnit), distinct(5)),
		column("o_clerk", STRING, make.numbered("Clerk#", order.clerks), ({ clerks }) => ({ distinct: clerks })),
		column("o_shippriority", INTEGER, order.shipPriorities, integers(0, 0)),
		column("o_comment", STRING, make.comments(276090261, 49), (scale) => ({ distinct: scale.orders })),
	],
};

const lineitem: Table = {
	name: "lineitem",
	units: (scale) => scale.orders,
	rowsPerUnit: 4,
	rowsOf: perLine,
	columns: [
		column("l_orderkey", BIGINT, line.orderKeys, orderKeys),
		column(
			"l_partkey",
			BIGINT,
			make.asLong(line.parts, perLine),
			upTo(({ parts }) => parts),
		),
		column(
			"l_suppkey",
			BIGINT,
			line.suppliers,
			upTo(({ suppliers }) => suppliers),
		),
		column("l_linenumber", INTEGER, line.numbers, integers(1, 7)),
		{
			...column("l_quantity", money, make.asLong(line.quantities, perLine, 100), cents(100, 5000, 50)),
			makeWhole: make.asLong(line.quantities, perLine),
		},
		column("l_extendedprice", money, line.extendedPrices, cents(90_000, 10_500_000, 1_000_000)),
		column("l_discount", money, make.asLong(line.discounts, perLine), cents(0, 10)),
		column("l_tax", money, make.asLong(line.taxes, perLine), cents(0, 8)),
		column("l_returnflag", STRING, make.pick("returnFlags", line.returnFlags, perLine), distinct(3)),
		column("l_linestatus", STRING, make.pick("lineStates", line.states, perLine), distinct(2)),
		column("l_shipdate", DATE, make.asInteger(line.shipDates, perLine), days(1, 2526)),
		column("l_commitdate", DATE, make.asInteger(line.commitDates, perLine), days(30, 2495)),
		column("l_receiptdate", DATE, make.asInteger(line.receiptDates, perLine), days(2, 2556)),
		column("l_shipinstruct", STRING, make.pick("instructions", line.instructions, perLine), distinct(4)),
		column("l_shipmode", STRING, make.pick("shipModes", line.shipModes, perLine), distinct(7)),
		column("l_comment", STRING, make.comments(1095462486, 27, "lines")),
	],
};

export const TABLES: readonly Table[] = [region, nation, supplier, customer, part, partsupp, orders, lineitem];

export const tableNamed = (name: string): Table | undefined => TABLES.find((table) => table.name === name);

export const rowsAt = (table: Table, scale: Scale): number => Math.round(table.units(scale) * table.rowsPerUnit);
