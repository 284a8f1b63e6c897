// Rows of your own, SQL over them, plain objects back.
import { Millrace } from "millrace";

await using session = await Millrace.open();
session.registerTable("orders", [
	{ customer: "Ada", amount: "12.50" },
	{ customer: "Ada", amount: "7.50" },
	{ customer: "Bob", amount: "3.00" },
]);

const sql =
	"SELECT customer, SUM(CAST(amount AS DECIMAL(10, 2))) AS total FROM orders GROUP BY customer HAVING COUNT(*) >= ?";
for (const { customer, total } of await session.query(sql, { params: [2] }).toArray()) {
	console.log(`${customer} spent ${total}`);
}
