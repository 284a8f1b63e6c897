// Counts per sensor and ten seconds; a window is sent when the watermark passes its end.
import { Table, TimestampMillisecond, vectorFromArray } from "apache-arrow";
import { count, tumble, windowAggregate } from "millrace/operators";

const ts = vectorFromArray([1_000, 2_000, 9_999, 12_000], new TimestampMillisecond());
const seen = new Table({ sensor: vectorFromArray(["a", "b", "a", "a"]), ts });

const grouped = { keys: ["sensor"], aggregates: { n: count() } } as const;
using counts = await windowAggregate({ input: seen.schema, time: "ts", window: tumble(10_000), ...grouped });
for (const batch of seen.batches) await counts.push(batch);
await counts.advance(10_000); // no row before this time is still to come
for (const closed of counts.take()) {
	for (const { sensor, n, window_end } of closed) console.log(`${sensor} ${n} until ${window_end}`);
}
