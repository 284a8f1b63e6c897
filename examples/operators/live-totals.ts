// Totals that are sent anew per batch: each push sends how they changed.
import { tableFromArrays } from "apache-arrow";
import { count, hashAggregate } from "millrace/operators";

const first = tableFromArrays({ word: ["to", "be"] });
const second = tableFromArrays({ word: ["or", "not", "to", "be"] });

const aggregates = { times: count() };
using words = await hashAggregate({ input: first.schema, keys: ["word"], aggregates, output: "changes" });
for await (const batch of words.run([...first.batches, ...second.batches])) {
	for (const { op, word, times } of batch) console.log(`${op} ${word} ${times}`);
}
