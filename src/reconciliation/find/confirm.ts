import { readByKeys } from '../sides/salesforce-records.ts';
import type { Compared, SyncedFields } from '../types.ts';
import type { Gone } from '../compared-object.ts';
import type { Rules } from './at-rest.ts';
import type { Sides } from './candidate-keys.ts';
import { mayBeDuplicate, tellDuplicates } from './duplicates.ts';

/** What was looked at so far: it grows, so that a run whose budget ends keeps what it had. */
export interface Findings {
  discrepancies: Compared[];
  /** Keys of which nothing can be told yet. */
  inFlight: string[];
  /** Keys that were looked at. */
  looked: Set<string>;
  /** Duplicates that were told already. */
  pairs: Set<string>;
}

export const noFindings = (): Findings => ({ discrepancies: [], inFlight: [], looked: new Set(), pairs: new Set() });

export interface Confirming extends Sides {
  fields: SyncedFields;
  times: Pick<Rules, 'now' | 'graceMs' | 'latest'>;
  /** Only records that moved at or after this time, in epoch milliseconds. */
  since?: number;
}

/** Reads candidates again on both sides, by key: what differs only then is a discrepancy. No key is looked at twice. */
export const confirm = async (findings: Findings, keys: Iterable<string>, confirming: Confirming): Promise<void> => {
  const { compared, salesforce, external, fields, times, since } = confirming;
  const wanted = [...new Set(keys)].filter((key) => !findings.looked.has(key)).sort();
  for (const key of wanted) findings.looked.add(key);
  const inside = new Map((await readByKeys(salesforce, compared, fields, wanted)).map((state) => [state.key, state]));
  const outside = new Map(
    (await compared.outside.lookUp(external, { keys: wanted })).map((state) => [state.key, state]),
  );
  const missing = wanted.filter((key) => !inside.has(key));
  const gone = missing.length > 0 ? await compared.inside.readGone(salesforce, missing) : new Map<string, Gone>();
  const suspects: Compared[] = [];
  const first = findings.discrepancies.length;
  for (const key of wanted) {
    const [ours, theirs] = [inside.get(key) ?? null, outside.get(key) ?? null];
    if (since !== undefined && Math.max(ours?.modifiedAt ?? 0, theirs?.updatedAt ?? 0) < since) continue;
    const finding = compared.classify(ours, theirs, gone.get(key) ?? null, { ...fields, ...times });
    if (finding === 'in flight') findings.inFlight.push(key);
    if (typeof finding === 'string') continue;
    const discrepancy: Compared = { discrepancy: finding, salesforce: ours, external: theirs };
    (mayBeDuplicate(discrepancy, compared) ? suspects : findings.discrepancies).push(discrepancy);
  }
  if (compared.lookBeside) {
    const found = findings.discrepancies.slice(first);
    findings.discrepancies.splice(first, found.length, ...(await compared.lookBeside(salesforce, found)));
  }
  // last: when the budget ends here, what needs no further look is found already
  const told = await tellDuplicates(suspects, { compared, salesforce, external, ...times, pairs: findings.pairs });
  findings.discrepancies.push(...told.compared);
  findings.inFlight.push(...told.inFlight);
};
