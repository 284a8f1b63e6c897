// The two words that occur most, kept up to date: the counts change, so rows are taken back.
import { tableFromArrays } from "apache-arrow";
import { descending, topN } from "millrace/operators";

const counts = tableFromArrays({
	op: ["+I", "+I", "+I", "-U", "+U"],
	word: ["to", "be", "or", "or", "or"],
	times: Int32Array.of(4, 3, 1, 1, 5),
});
const [first, second] = [counts.batches[0]!.slice(0, 3), counts.batches[0]!.slice(3)];

using best = await topN({ input: counts.schema, changelog: true, by: [descending("times")], n: 2, output: "changes" });
for await (const batch of best.run([first, second])) {
	for (const { op, word, times } of batch) console.log(`${op} ${word} ${times}`);
}
