// The second page of what comes, two rows long.
import { tableFromArrays } from "apache-arrow";
import { limit } from "millrace/operators";

const cities = tableFromArrays({ city: ["Rome", "Oslo", "Bern", "Riga", "Nice"] });

using page = await limit({ input: cities.schema, offset: 2, count: 2 });
for await (const batch of page.run(cities.batches)) {
	for (const { city } of batch) console.log(city);
}
