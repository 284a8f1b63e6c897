// The same per batch: each push sends how the totals changed.
import { tableFromArrays } from "apache-arrow";
import { count, hashAggregate } from "millrace/operators";

const first = tableFromArrays({ word: ["to", "be"] });
const second = tableFromArrays({ word: ["or", "not", "to", "be"] });

using words = await hashAggregate({
	input: first.schema,
	keys: ["word"],
	aggregates: { times: count() },
	output: "changes",
});
for await (const batch of words.run([...first.batches, ...second.batches])) {
	for (const { op, word, times } of batch) console.log(`${op} ${word} ${times}`);
}
