// Every TPC-H query binds, with the column names and types that the answers need.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openSession, schemaText } from "./session.js";

const TABLES: Readonly<Record<string, string>> = {
	region: "r_regionkey BIGINT, r_name STRING, r_comment STRING",
	nation: "n_nationkey BIGINT, n_name STRING, n_regionkey BIGINT, n_comment STRING",
	supplier:
		"s_suppkey BIGINT, s_name STRING, s_address STRING, s_nationkey BIGINT, s_phone STRING, s_acctbal DECIMAL(15,2), s_comment STRING",
	customer:
		"c_custkey BIGINT, c_name STRING, c_address STRING, c_nationkey BIGINT, c_phone STRING, c_acctbal DECIMAL(15,2), c_mktsegment STRING, c_comment STRING",
	part: "p_partkey BIGINT, p_name STRING, p_mfgr STRING, p_brand STRING, p_type STRING, p_size INT, p_container STRING, p_retailprice DECIMAL(15,2), p_comment STRING",
	partsupp: "ps_partkey BIGINT, ps_suppkey BIGINT, ps_availqty INT, ps_supplycost DECIMAL(15,2), ps_comment STRING",
	orders:
		"o_orderkey BIGINT, o_custkey BIGINT, o_orderstatus STRING, o_totalprice DECIMAL(15,2), o_orderdate DATE, o_orderpriority STRING, o_clerk STRING, o_shippriority INT, o_comment STRING",
	lineitem:
		"l_orderkey BIGINT, l_partkey BIGINT, l_suppkey BIGINT, l_linenumber INT, l_quantity DECIMAL(15,2), l_extendedprice DECIMAL(15,2), l_discount DECIMAL(15,2), l_tax DECIMAL(15,2), l_returnflag STRING, l_linestatus STRING, l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE, l_shipinstruct STRING, l_shipmode STRING, l_comment STRING",
};
const folder = new URL("../../tpch/queries/", import.meta.url);

function bind(file: string) {
	const session = openSession(true);
	for (const [name, columns] of Object.entries(TABLES)) {
		session.run(`CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'format' = 'csv')`);
	}
	return session.run(readFileSync(new URL(file, folder), "utf8"))!;
}

test.each(readdirSync(folder).map((file) => [file]))("%s", (file) => {
	expect(bind(file).schema.length).toBeGreaterThan(0);
});

test("types follow Flink's rules for DECIMAL", () => {
	expect(schemaText(bind("q01.sql"))).toEqual([
		"l_returnflag VARCHAR(2147483647)",
		"l_linestatus VARCHAR(2147483647)",
		"sum_qty DECIMAL(38, 2)",
		"sum_base_price DECIMAL(38, 2)",
		"sum_disc_price DECIMAL(38, 4)",
		"sum_charge DECIMAL(38, 6)",
		"avg_qty DECIMAL(38, 6)",
		"avg_price DECIMAL(38, 6)",
		"avg_disc DECIMAL(38, 6)",
		"count_order BIGINT NOT NULL",
	]);
});
