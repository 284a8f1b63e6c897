// Totals per key. Batches go in; the groups come out at the end.
import { tableFromArrays } from "apache-arrow";
import { avg, col, count, hashAggregate, sum } from "millrace/operators";

const orders = tableFromArrays({ shop: ["a", "b", "a", "a"], price: Float64Array.of(3, 5, 7, 20) });

using totals = await hashAggregate({
	input: orders.schema,
	keys: ["shop"],
	aggregates: { total: sum("price"), cheap: count().where(col("price").lt(10)), mean: avg("price") },
});
for await (const batch of totals.run(orders.batches)) {
	for (const { shop, total, cheap, mean } of batch)
		console.log(`${shop}: ${total} in all, ${cheap} cheap, mean ${mean}`);
}
