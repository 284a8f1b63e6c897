// People with their orders. The right side is read whole, then the left side passes by it.
import { tableFromArrays } from "apache-arrow";
import { hashJoin } from "millrace/operators";

const people = tableFromArrays({ id: Int32Array.of(1, 2), name: ["Ada", "Bob"] });
const orders = tableFromArrays({ person: Int32Array.of(2, 1, 2, 9), item: ["pen", "ink", "pad", "cup"] });

using join = await hashJoin({
	left: orders.schema,
	right: people.schema,
	on: [["person", "id"]],
	type: "left",
	build: "right",
});
for (const batch of people.batches) await join.right.push(batch);
await join.right.finish();
for (const batch of orders.batches) await join.left.push(batch);
await join.left.finish();
for await (const batch of join) {
	for (const { item, name } of batch) console.log(`${item}: ${name ?? "nobody"}`);
}
