// Queries whose final table does not depend on how their parallel parts take turns.

const EVENTS = `(k STRING, v BIGINT, w INT, ts TIMESTAMP(3), s STRING, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
	WITH ('connector' = 'datagen', 'number-of-rows' = '1000')`;

/** Rows come from the simulation, not from datagen: only the schemas count. */
export const TABLES = `CREATE TABLE t ${EVENTS}; CREATE TABLE u ${EVENTS}`;

export const QUERIES: readonly string[] = [
	"SELECT k, COUNT(*), SUM(v), MIN(s), MAX(w) FROM t GROUP BY k",
	"SELECT COUNT(*), SUM(v), COUNT(DISTINCT k) FROM t",
	"SELECT c, COUNT(*) FROM (SELECT k, COUNT(*) AS c FROM t GROUP BY k) GROUP BY c",
	"SELECT DISTINCT w, k FROM t WHERE v > 20",
	"SELECT k, v, s FROM t WHERE w < 3 UNION ALL SELECT s, v + 1, k FROM u",
	"SELECT t.k, t.v, u.v, u.s FROM t JOIN u ON t.k = u.k AND t.w < u.w",
	"SELECT t.k, t.v, u.v FROM t LEFT JOIN u ON t.s = u.s AND u.w = 1",
	"SELECT a.k, a.c, b.m FROM (SELECT k, COUNT(*) AS c FROM t GROUP BY k) a JOIN (SELECT k, MAX(v) AS m FROM u GROUP BY k) b ON a.k = b.k",
	"SELECT k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, s) AS n FROM t) WHERE n <= 2",
	"SELECT window_start, k, COUNT(*), MAX(v) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end, k",
	"SELECT window_start, COUNT(*) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)) GROUP BY window_start, window_end",
	"SELECT window_start, k, SUM(w) FROM TABLE(SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '2' SECOND)) GROUP BY window_start, window_end, k",
	"SELECT t.k, t.v, u.v FROM t JOIN u ON t.k = u.k AND t.ts BETWEEN u.ts - INTERVAL '1' SECOND AND u.ts + INTERVAL '1' SECOND",
	"SELECT k FROM t WHERE v IN (SELECT v FROM u WHERE w = 2)",
	"SELECT v FROM t ORDER BY v, s LIMIT 7",
	"SELECT k FROM t INTERSECT SELECT s FROM u",
];
