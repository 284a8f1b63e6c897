// A filter and computed columns in one pass.
import { tableFromArrays } from "apache-arrow";
import { call, col, project, when } from "millrace/operators";

const items = tableFromArrays({
	name: ["ink", "pen", "pad"],
	price: Int32Array.of(3, 12, 5),
	sold: Int32Array.of(10, 1, 0),
});

using priced = await project({
	input: items.schema,
	where: col("sold").gt(0).and(col("name").like("%n%")),
	columns: [
		call("UPPER", col("name")).as("item"),
		col("price").times(col("sold")).as("income"),
		when(col("price").ge(10), "dear").otherwise("cheap").as("class"),
	],
});
for await (const batch of priced.run(items.batches)) {
	for (const { item, income, class: kind } of batch) console.log(`${item} ${income} ${kind}`);
}
