import type { Random } from 'kernel/random.ts';
import { normalizeId, to18 } from '../ids/record-id.ts';
import type { Database } from './database.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_DIGITS = 12;

/** What is decided once in an org's life, and read from its file ever after. */
export function readSettings(
  database: Database,
  given: { orgId?: string; username?: string; random: Random },
): { orgId: string; username: string } {
  const orgId = setting(database, 'orgId', () =>
    given.orgId === undefined ? randomOrgId(given.random) : (normalizeId(given.orgId) ?? given.orgId),
  );
  const username = setting(database, 'username', () => given.username ?? `admin@${orgId.toLowerCase()}.example`);
  return { orgId, username };
}

function setting(database: Database, name: string, make: () => string): string {
  const stored = database.get('SELECT value FROM "$setting" WHERE name = ?', [name]);
  if (stored !== undefined) return stored[0] as string;
  const value = make();
  database.run('INSERT INTO "$setting" (name, value) VALUES (?, ?)', [name, value]);
  return value;
}

const randomOrgId = (random: Random): string =>
  to18(`00D${Array.from({ length: RANDOM_DIGITS }, () => BASE62[Math.floor(random.next() * BASE62.length)]).join('')}`);
