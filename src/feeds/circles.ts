/** Rows whose parents are of their own feed, in a circle: each waits for another one, and none is ever written. */
import type { Database } from '../shared/sql/types.ts';
import { waitingForOwn } from './db/rows.ts';
import type { RunRow } from './db/runs.ts';
import type { Finding } from './plan.ts';
import type { Feed } from './types.ts';

/** Enough to see that there is a circle; a first load may have many more rows that wait for their turn. */
const MAX_LOOKED_AT = 100_000;

type Links = Map<string, Set<string>>;

const add = (links: Links, from: string, to: string): void => {
  const known = links.get(from);
  if (known) known.add(to);
  else links.set(from, new Set([to]));
};

/** Takes away rows that lead nowhere, and then those that led to them alone; what is left leads into a circle. */
const pruned = (forward: Links, back: Links, keys: ReadonlySet<string>): Set<string> => {
  const left = new Set(keys);
  const count = new Map(
    [...keys].map((key) => [key, [...(forward.get(key) ?? [])].filter((to) => keys.has(to)).length]),
  );
  const ends = [...keys].filter((key) => count.get(key) === 0);
  for (let key = ends.pop(); key !== undefined; key = ends.pop()) {
    left.delete(key);
    for (const from of back.get(key) ?? []) {
      if (!keys.has(from)) continue;
      const fewer = count.get(from)! - 1;
      count.set(from, fewer);
      if (fewer === 0) ends.push(from);
    }
  }
  return left;
};

/** Of pairs of a row and its parent, the rows that are in a circle, or between two of them. */
export const circular = (pairs: readonly { row_key: string; parent: string }[]): Set<string> => {
  const up: Links = new Map();
  const down: Links = new Map();
  for (const { row_key: child, parent } of pairs) {
    add(up, child, parent);
    add(down, parent, child);
  }
  return pruned(down, up, pruned(up, down, new Set(up.keys())));
};

/** Told as a warning: other rows are written all the same. No query where no feed is its own parent. */
export const inCircles = async (db: Database, run: RunRow, { name, fields, object }: Feed): Promise<Finding[]> => {
  const own = Object.entries(fields).filter(([, { parent }]) => parent === name);
  if (own.length === 0) return [];
  const pairs = await waitingForOwn(db, run, MAX_LOOKED_AT);
  const keys = circular(pairs);
  if (keys.size === 0) return [];
  const first = pairs.find(({ row_key: key }) => keys.has(key))!.external_id;
  return [
    {
      at: `${object}.${own.map(([field]) => field).join(', ')}`,
      message: `${keys.size} ${keys.size === 1 ? 'row is its own parent' : 'rows are parents of each other in a circle'}, and never written; the first is ${first}`,
      remedy: 'correct the parent of one of them in the source',
      isWarning: true,
    },
  ];
};
