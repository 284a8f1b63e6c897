// The TPC-H schema with the statistics of scale factor 1, as far as planning needs them.
import type { TableStatistics } from "../../src/plan/nodes.js";
import type { ColumnStatistics } from "../../src/types/column-statistics.js";

const DECIMAL = "DECIMAL(15, 2)";

const TABLES: Readonly<
	Record<
		string,
		{ rows: number; key: string; columns: Readonly<Record<string, readonly [string, number?, ColumnStatistics?]>> }
	>
> = {
	region: {
		rows: 5,
		key: "r_regionkey",
		columns: { r_regionkey: ["BIGINT", 5], r_name: ["STRING", 5], r_comment: ["STRING", 5] },
	},
	nation: {
		rows: 25,
		key: "n_nationkey",
		columns: {
			n_nationkey: ["BIGINT", 25],
			n_name: ["STRING", 25],
			n_regionkey: ["BIGINT", 5],
			n_comment: ["STRING", 25],
		},
	},
	supplier: {
		rows: 10_000,
		key: "s_suppkey",
		columns: {
			s_suppkey: ["BIGINT", 10_000],
			s_name: ["STRING", 10_000],
			s_address: ["STRING", 10_000],
			s_nationkey: ["BIGINT", 25],
			s_phone: ["STRING", 10_000],
			s_acctbal: [DECIMAL, 9955],
			s_comment: ["STRING", 9999],
		},
	},
	customer: {
		rows: 150_000,
		key: "c_custkey",
		columns: {
			c_custkey: ["BIGINT", 150_000],
			c_name: ["STRING", 150_000],
			c_address: ["STRING", 150_000],
			c_nationkey: ["BIGINT", 25],
			c_phone: ["STRING", 150_000],
			c_acctbal: [DECIMAL, 140_187, { min: -99_999n, max: 999_999n }],
			c_mktsegment: ["STRING", 5],
			c_comment: ["STRING", 149_968],
		},
	},
	part: {
		rows: 200_000,
		key: "p_partkey",
		columns: {
			p_partkey: ["BIGINT", 200_000],
			p_name: ["STRING", 199_997],
			p_mfgr: ["STRING", 5],
			p_brand: ["STRING", 25],
			p_type: ["STRING", 150],
			p_size: ["INT", 50, { min: 1, max: 50 }],
			p_container: ["STRING", 40],
			p_retailprice: [DECIMAL, 20_899],
			p_comment: ["STRING", 131_753],
		},
	},
	partsupp: {
		rows: 800_000,
		key: "ps_partkey, ps_suppkey",
		columns: {
			ps_partkey: ["BIGINT", 200_000],
			ps_suppkey: ["BIGINT", 10_000],
			ps_availqty: ["INT", 9999, { min: 1, max: 9999 }],
			ps_supplycost: [DECIMAL, 99_865],
			ps_comment: ["STRING", 799_124],
		},
	},
	orders: {
		rows: 1_500_000,
		key: "o_orderkey",
		columns: {
			o_orderkey: ["BIGINT", 1_500_000],
			o_custkey: ["BIGINT", 99_996],
			o_orderstatus: ["STRING", 3],
			o_totalprice: [DECIMAL, 1_464_556],
			o_orderdate: ["DATE", 2406, { min: 8035, max: 10_440 }],
			o_orderpriority: ["STRING", 5],
			o_clerk: ["STRING", 1000],
			o_shippriority: ["INT", 1],
			o_comment: ["STRING", 1_482_071],
		},
	},
	lineitem: {
		rows: 6_001_215,
		key: "l_orderkey, l_linenumber",
		columns: {
			l_orderkey: ["BIGINT", 1_500_000],
			l_partkey: ["BIGINT", 200_000],
			l_suppkey: ["BIGINT", 10_000],
			l_linenumber: ["INT", 7],
			l_quantity: [DECIMAL, 50, { min: 100n, max: 5000n }],
			l_extendedprice: [DECIMAL, 933_900],
			l_discount: [DECIMAL, 11, { min: 0n, max: 10n }],
			l_tax: [DECIMAL, 9],
			l_returnflag: ["STRING", 3],
			l_linestatus: ["STRING", 2],
			l_shipdate: ["DATE", 2526, { min: 8036, max: 10_561 }],
			l_commitdate: ["DATE", 2466, { min: 8065, max: 10_530 }],
			l_receiptdate: ["DATE", 2554, { min: 8038, max: 10_591 }],
			l_shipinstruct: ["STRING", 4],
			l_shipmode: ["STRING", 7],
			l_comment: ["STRING", 4_580_667],
		},
	},
};

/** CREATE TABLE statements. */
export const TPCH_TABLES = Object.entries(TABLES)
	.map(([name, { key, columns }]) => {
		const list = Object.entries(columns).map(([column, [type]]) => `${column} ${type}`);
		return `CREATE TABLE ${name} (${list.join(", ")}, PRIMARY KEY (${key}) NOT ENFORCED) WITH ('connector' = 'values');`;
	})
	.join("\n");

export function tpchStatistics(table: string): TableStatistics | undefined {
	const found = TABLES[table];
	if (found === undefined) return undefined;
	const columns = Object.values(found.columns).map(([, distinct, more]) => ({ distinct, ...more }));
	return { rowCount: found.rows, columns };
}
