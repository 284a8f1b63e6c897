// Output without a copy: the columns are views of the kernels' memory until the callback returns.
import { tableFromArrays } from "apache-arrow";
import { col, filter } from "millrace/operators";

const prices = tableFromArrays({ price: Float64Array.of(3, 20, 5, 12) });
let total = 0;
using dear = await filter({
	input: prices.schema,
	where: col("price").gt(10),
	onBatch: (batch) => {
		for (const price of batch.getChild("price")!.toArray()) total += price;
	},
});
for (const batch of prices.batches) await dear.push(batch);
console.log(total);
