/** The access token of a request: `Authorization: Bearer 00D…!…`, or `OAuth` in place of `Bearer`. */
export const bearerToken = (headers: Record<string, string>): string | null =>
  /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;

/** How the client addresses the org: `http://127.0.0.1:4000`. */
export const originOf = (headers: Record<string, string>): string =>
  `${headers['x-forwarded-proto'] ?? 'http'}://${headers.host ?? 'localhost'}`;
