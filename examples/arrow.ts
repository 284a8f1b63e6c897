// Arrow in, Arrow out: columns pass without becoming rows.
import { tableFromArrays } from "apache-arrow";
import { Millrace } from "millrace";

await using session = await Millrace.open();
session.registerTable("points", tableFromArrays({ x: Float64Array.of(3, 6, 9), y: Float64Array.of(4, 8, 12) }));

const distances = await session.query("SELECT SQRT(x * x + y * y) AS distance FROM points").toTable();
console.log(distances.getChild("distance")?.toArray().join(" "));
