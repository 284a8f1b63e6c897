// The rows for which a condition is TRUE.
import { tableFromArrays } from "apache-arrow";
import { col, filter } from "millrace/operators";

const items = tableFromArrays({ name: ["ink", "pen", "pad"], sold: Int32Array.of(10, 1, 0) });

using sold = await filter({ input: items.schema, where: col("sold").gt(0).and(col("name").like("%n%")) });
for await (const batch of sold.run(items.batches)) {
	for (const { name, sold } of batch) console.log(`${name} ${sold}`);
}
