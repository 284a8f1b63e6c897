// State moves into another process: the bytes of a snapshot, and a new operator that goes on from there.
import { tableFromArrays } from "apache-arrow";
import { hashAggregate, sum } from "millrace/operators";

const monday = tableFromArrays({ shop: ["a", "b"], price: Float64Array.of(3, 5) });
const tuesday = tableFromArrays({ shop: ["b", "a"], price: Float64Array.of(10, 20) });
const build = () => hashAggregate({ input: monday.schema, keys: ["shop"], aggregates: { total: sum("price") } });

using before = await build();
for (const batch of monday.batches) await before.push(batch);
using after = await build();
after.restore(before.snapshot());
for await (const batch of after.run(tuesday.batches)) {
	for (const { shop, total } of batch) console.log(`${shop} ${total}`);
}
