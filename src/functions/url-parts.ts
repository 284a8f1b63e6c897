// The parts of a URL as java.net.URL gives them: no normalising, unknown protocols refused.

const PROTOCOLS = new Set(["http", "https", "ftp", "file", "jar", "mailto"]);

interface UrlParts {
	readonly protocol: string;
	readonly authority: string | null;
	readonly userInfo: string | null;
	readonly host: string;
	readonly path: string;
	readonly query: string | null;
	readonly ref: string | null;
}

function split(url: string): UrlParts | undefined {
	const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(url.trim());
	if (match === null) return undefined;
	const [, protocol = "", authority, path = "", query, ref] = match;
	if (!PROTOCOLS.has(protocol.toLowerCase())) return undefined;
	const at = authority?.lastIndexOf("@") ?? -1;
	const hostAndPort = authority === undefined ? "" : authority.slice(at + 1);
	const port = /:(\d*)$/.exec(hostAndPort);
	if (!hostAndPort.startsWith("[") && hostAndPort.includes(":") && port === null) return undefined;
	return {
		protocol: protocol.toLowerCase(),
		authority: authority ?? null,
		userInfo: at < 0 ? null : (authority as string).slice(0, at),
		host: port === null ? hostAndPort : hostAndPort.slice(0, port.index),
		path,
		query: query ?? null,
		ref: ref ?? null,
	};
}

/** A part by Flink's name in upper case; NULL for other names, absent parts and malformed URLs. */
export function urlPart(url: string, part: string): string | null {
	const parts = split(url);
	if (parts === undefined) return null;
	switch (part) {
		case "HOST":
			return parts.host;
		case "PATH":
			return parts.path;
		case "QUERY":
			return parts.query;
		case "REF":
			return parts.ref;
		case "PROTOCOL":
			return parts.protocol;
		case "FILE":
			return parts.query === null ? parts.path : `${parts.path}?${parts.query}`;
		case "AUTHORITY":
			return parts.authority;
		case "USERINFO":
			return parts.userInfo;
		default:
			return null;
	}
}

/** The first value of a key in the query, as it stands there. */
export function urlQueryValue(url: string, key: string): string | null {
	const pairs = urlPart(url, "QUERY")?.split("&") ?? [];
	const found = pairs.find((pair) => pair.startsWith(`${key}=`));
	return found === undefined ? null : found.slice(key.length + 1);
}
