// Payments within ten seconds of their order. An order without one is sent when none can come any more.
import { Table, TimestampMillisecond, vectorFromArray } from "apache-arrow";
import { intervalJoin } from "millrace/operators";

const at = (...times: number[]) => vectorFromArray(times, new TimestampMillisecond());
const orders = new Table({ id: vectorFromArray(["pen", "ink", "pad"]), at: at(1_000, 2_000, 30_000) });
const payments = new Table({ id: vectorFromArray(["ink", "pen", "pad"]), paid: at(4_000, 11_001, 31_000) });
const sides = { left: orders.schema, right: payments.schema, leftTime: "at", rightTime: "paid" } as const;
using paid = await intervalJoin({ ...sides, on: ["id"], lower: -10_000, upper: 0, type: "left" });
for (const batch of orders.batches) await paid.left.push(batch);
for (const batch of payments.batches) await paid.right.push(batch);
await paid.advance(20_000); // no row before this time is still to come
for (const batch of paid.take()) {
	for (const { id, paid } of batch) console.log(`${id}: ${paid ?? "not paid in time"}`);
}
