// The last state of each device.
import { tableFromArrays } from "apache-arrow";
import { deduplicate } from "millrace/operators";

const states = tableFromArrays({ device: ["door", "lamp", "door"], state: ["open", "on", "shut"] });

using last = await deduplicate({ input: states.schema, keys: ["device"], keep: "last" });
for await (const batch of last.run(states.batches)) {
	for (const { device, state } of batch) console.log(`${device} is ${state}`);
}
