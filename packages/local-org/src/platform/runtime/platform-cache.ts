/** Platform cache: kept beside the records, never part of what Apex rolls back on a real org, which the local org does not tell apart. */
import type { PlatformCache } from '../services.ts';
import type { OrgContext } from './org-context.ts';

const KIND = 'platform-cache';

interface Entry {
  text: string;
  /** Epoch milliseconds. */
  expires: number;
}

export const cacheIn = ({ store, clock }: OrgContext): PlatformCache => {
  const read = (key: string): string | null => {
    const stored = store.state.get(KIND, key);
    if (stored === null) return null;
    const entry = JSON.parse(stored) as Entry;
    return entry.expires > clock.now() ? entry.text : null;
  };
  return {
    get: read,
    put: (key, text, ttlSeconds) =>
      store.state.put(KIND, key, JSON.stringify({ text, expires: clock.now() + ttlSeconds * 1000 } satisfies Entry)),
    remove: (key) => {
      const present = read(key) !== null;
      store.state.delete(KIND, key);
      return present;
    },
    keys: (prefix) =>
      store.state
        .list(KIND)
        .map(({ key }) => key)
        .filter((key) => key.startsWith(prefix) && read(key) !== null),
  };
};
