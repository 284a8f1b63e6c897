// All rows in order, and the first two of them.
import { tableFromArrays } from "apache-arrow";
import { descending, limit, sort } from "millrace/operators";

const cities = tableFromArrays({ name: ["Bern", "Rome", "Oslo"], people: Int32Array.of(134, 2748, 717) });

using sorted = await sort({ input: cities.schema, by: [descending("people")] });
using first = await limit({ input: sorted.schema, count: 2 });
for await (const batch of first.run(sorted.run(cities.batches))) {
	for (const { name, people } of batch) console.log(`${name} ${people}`);
}
