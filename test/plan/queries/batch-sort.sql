-- explain: execution.runtime-mode=batch; parallelism.default=4
CREATE TABLE orders (id BIGINT, currency STRING, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/orders', 'format' = 'json');
SELECT currency, COUNT(*) AS n FROM orders WHERE ts < TIMESTAMP '2024-01-01 00:00:00' GROUP BY currency ORDER BY n DESC LIMIT 5;
