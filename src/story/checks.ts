/** What `npm run e2e` checks of a flow, and what its checks work with. */
import type { OrgConnection } from './org/connect.ts';
import type { CarriedInSystem } from './parts.ts';
import type { LocalSystem } from './system.ts';

/** A flow as the end-to-end checks take it. */
export interface CheckedFlow {
  /** The flow with an external system that is the checks' alone. */
  flow(): CarriedInSystem;
  /** Throws UnusableInput that says what the org is missing, and how to mend it; `name` is how people call the org. */
  checkOrg(connection: OrgConnection, name: string): Promise<void>;
  /** Those of one list have records of their own and run side by side; the lists follow each other. */
  lists: readonly (readonly Check[])[];
  /** Deletes the records that the checks made. */
  remove(connection: OrgConnection, ids: readonly string[]): Promise<void>;
}

/** One thing that must hold. A check makes the records it needs and throws when it does not hold. */
export interface Check {
  name: string;
  /** Needs the clock or the faults of local parts. */
  localOnly?: boolean;
  run(world: World): Promise<void>;
}

/** What the checks of a flow work with: an org, and an external system that is theirs alone. */
export interface World {
  admin: OrgConnection;
  external: { url: string; token: string };
  /** The parts on this machine, or null when the org is a real one: no clock to move, no faults to plan. */
  local: LocalSystem | null;
  timeoutMs: number;
  /** Ids of the records that the checks made in the org. */
  madeIds: Set<string>;
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
