// Orders with the name of the buyer. The people are read whole, then the orders pass by them.
import { tableFromArrays } from "apache-arrow";
import { hashJoin } from "millrace/operators";

const orders = tableFromArrays({ buyer: Int32Array.of(2, 1, 9), item: ["pen", "ink", "cup"] });
const people = tableFromArrays({ buyer: Int32Array.of(1, 2), name: ["Ada", "Bob"] });

using join = await hashJoin({ left: orders.schema, right: people.schema, on: ["buyer"], type: "left", build: "right" });
for (const batch of people.batches) await join.right.push(batch);
await join.right.finish();
for (const batch of orders.batches) await join.left.push(batch);
await join.left.finish();
for await (const batch of join) {
	for (const { item, name } of batch) console.log(`${item}: ${name ?? "nobody"}`);
}
