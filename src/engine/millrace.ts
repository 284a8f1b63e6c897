// The entry point of the public API.
import { Session, type SessionOptions } from "./session.js";

/** `await Millrace.open()` gives a session; `await using session = …` closes it at the end of the block. */
export const Millrace = {
	async open(options: SessionOptions = {}): Promise<Session> {
		return new Session(options);
	},
};
