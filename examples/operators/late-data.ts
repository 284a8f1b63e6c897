// Rows that come too late for their windows are kept apart from the results, and can be looked at.
import { tableFromArrays } from "apache-arrow";
import { call, col, count, tumble, windowAggregate } from "millrace/operators";

const onTime = tableFromArrays({ page: ["/a", "/b"], ms: BigInt64Array.of(4_000n, 11_000n) });
const later = tableFromArrays({ page: ["/a", "/c", "/b"], ms: BigInt64Array.of(12_000n, 9_000n, 3_000n) });
const time = call("TO_TIMESTAMP_LTZ", col("ms"), 3);
const aggregates = { n: count() };
const window = tumble(10_000);
using visits = await windowAggregate({ input: onTime.schema, time, window, aggregates, sideOutputLateData: true });
for (const batch of onTime.batches) await visits.push(batch);
await visits.advance(10_000); // the first ten seconds have been sent
for (const batch of later.batches) await visits.push(batch);
for (const batch of visits.lateData.take()) for (const { page, ms } of batch) console.log(`late: ${page} ${ms}`);
