// What Piscina requires in a worker. The worker's modules are imported, not required: Node.js aborts the whole process when a
// thread is ended while it requires an ES module.
import type { SlotResult, SlotTask } from "./slot-task.js" with { "resolution-mode": "import" };

const runSlot = async (task: SlotTask): Promise<SlotResult> => (await import("./worker.js")).default(task);

export = runSlot;
