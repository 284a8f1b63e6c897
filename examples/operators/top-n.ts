// The two best scores of each player, with their rank.
import { tableFromArrays } from "apache-arrow";
import { descending, topN } from "millrace/operators";

const games = tableFromArrays({ player: ["a", "a", "b", "a"], score: Int32Array.of(5, 9, 4, 7) });

using best = await topN({ input: games.schema, keys: ["player"], by: [descending("score")], n: 2, rank: "place" });
for await (const batch of best.run(games.batches)) {
	for (const { player, score, place } of batch) console.log(`${player} ${place}: ${score}`);
}
