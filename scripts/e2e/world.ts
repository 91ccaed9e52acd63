import type { OrgConnection } from '../../src/story/org/connect.ts';
import type { System } from '../../src/flows/cases/told/system.ts';

/** What the checks work with: an org, and an external system that is theirs alone. */
export interface World {
  admin: OrgConnection;
  external: { url: string; token: string };
  /** The parts on this machine, or null when the org is a real one: no clock to move, no faults to plan. */
  local: System | null;
  timeoutMs: number;
  /** Ids of the Cases that the checks made. */
  caseIds: Set<string>;
  stop(): Promise<void>;
}

/** Short enough not to be noticed; elsewhere long enough not to eat up an org's API calls. */
const LOCAL_POLL_MS = 100;
const REMOTE_POLL_MS = 2_000;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

const pollMs = ({ admin }: World): number =>
  LOOPBACK.includes(new URL(admin.instanceUrl).hostname) ? LOCAL_POLL_MS : REMOTE_POLL_MS;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads until there is something; throws, telling what it last saw, when time is up. */
export const until = async <T>(
  world: World,
  what: string,
  read: () => Promise<{ done: T } | { seen: unknown }>,
): Promise<T> => {
  const { timeoutMs } = world;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const now = await read();
    if ('done' in now) return now.done;
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs / 1000} s; last seen: ${JSON.stringify(now.seen)}`);
    }
    await wait(pollMs(world));
  }
};

/** Asks the external system as its own people would. */
export const registry = async <T>(
  { external }: World,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
): Promise<T> => {
  const response = await fetch(`${external.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${external.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the external system answered ${response.status} to ${method} ${path}: ${text}`);
  return JSON.parse(text) as T;
};
