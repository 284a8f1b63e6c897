// Columns that are computed from others.
import { tableFromArrays } from "apache-arrow";
import { call, col, project, when } from "millrace/operators";

const items = tableFromArrays({ name: ["ink", "pen"], price: Int32Array.of(3, 12) });

const upper = call("UPPER", col("name")).as("item");
const double = col("price").times(2).as("pair");
const dear = when(col("price").ge(10), "dear").otherwise("cheap").as("kind");
using priced = await project({ input: items.schema, columns: [upper, double, dear] });
for await (const batch of priced.run(items.batches)) {
	for (const { item, pair, kind } of batch) console.log(`${item}: two for ${pair}, ${kind}`);
}
