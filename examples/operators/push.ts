// Step by step: batches are pushed, the output is iterated, and the memory freed. The other examples leave the last step to `using`.
import { tableFromArrays } from "apache-arrow";
import { count, hashAggregate } from "millrace/operators";

const words = tableFromArrays({ word: ["to", "be", "or", "not", "to", "be"] });

const counts = await hashAggregate({ input: words.schema, keys: ["word"], aggregates: { n: count() } });
for (const batch of words.batches) await counts.push(batch);
await counts.finish();
for await (const batch of counts) {
	for (const { word, n } of batch) console.log(`${word} ${n}`);
}
counts.dispose();
