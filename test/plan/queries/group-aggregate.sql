-- explain: CHANGELOG_MODE; parallelism.default=4
CREATE TABLE orders (id BIGINT, customer BIGINT, amount DECIMAL(10, 2), currency STRING, ts TIMESTAMP(3), proc AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', 'path' = '/orders', 'format' = 'json');
CREATE TABLE shipments (id BIGINT, order_id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = '/shipments', 'format' = 'json');
CREATE TABLE customers (id BIGINT, name STRING, level INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '/customers', 'format' = 'debezium-json');
CREATE TABLE rates (currency STRING, rate DECIMAL(10, 4), ts TIMESTAMP(3), WATERMARK FOR ts AS ts, PRIMARY KEY (currency) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'rates');
SELECT currency, COUNT(*) AS n, SUM(amount) AS total, COUNT(DISTINCT customer) AS customers FROM orders WHERE amount > 10 GROUP BY currency;
