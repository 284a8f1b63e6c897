// Counts per key and ten seconds; a window is sent when the watermark passes its end.
import { Field, Int64, makeData, RecordBatch, Schema, Struct, TimestampMillisecond } from "apache-arrow";
import { count, tumble, windowAggregate } from "millrace/operators";

const schema = new Schema([new Field("sensor", new Int64()), new Field("ts", new TimestampMillisecond())]);
const sensor = makeData({ type: new Int64(), data: BigInt64Array.of(1n, 2n, 1n, 1n) });
const ts = makeData({ type: new TimestampMillisecond(), data: BigInt64Array.of(1_000n, 2_000n, 9_999n, 12_000n) });
const batch = new RecordBatch(schema, makeData({ type: new Struct(schema.fields), children: [sensor, ts] }));

using counts = await windowAggregate({
	input: schema,
	time: "ts",
	window: tumble(10_000),
	keys: ["sensor"],
	aggregates: { n: count() },
});
await counts.push(batch);
await counts.advance(10_000); // no row before this time is still to come
for (const closed of counts.take()) {
	for (const { sensor, n, window_end } of closed) console.log(`${sensor} ${n} until ${window_end}`);
}
