// A few of the jobs that `npm run fuzz` cancels by the hundred.
import { test } from "vitest";
import { cancelAtRandom } from "./cancelling.js";

test("jobs cancelled at any moment leave nothing behind", () => cancelAtRandom(12, Math.random));
