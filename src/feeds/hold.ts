/** Whether what a view says can be true: a broken view must not look like success, and must not empty an org. */
import type { Found } from './db/rows.ts';
import type { HoldPolicy } from './types.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** What a run read: rows, and of these the ones with a value, by field. */
export interface Filled {
  read: number;
  filled: Readonly<Record<string, number>>;
}

/** Fields that have a value in a smaller share of the rows than in the last run, by more than passes. */
const emptied = (now: Filled, before: Filled, { most, refused }: { most: number; refused: number }): string[] =>
  Object.entries(before.filled).flatMap(([field, had]) => {
    const has = now.filled[field] ?? 0;
    const lost = had === 0 ? 0 : 1 - shareOf(has, now.read) / shareOf(had, before.read);
    return lost > most
      ? [
          `${field} has a value in ${has} of ${now.read} rows, and had one in ${had} of ${before.read}: ${percent(lost)} emptied, at most ${percent(most)} pass${refused > 0 ? `. Of these rows ${refused} cannot be written, and count as without values` : ''}`,
        ]
      : [];
  });

/**
 * Why a run has to wait for a person before it writes, in words; none: it may go on. `before`: what the last run
 * that wrote had read; null: there was none, and nothing to compare with.
 */
export const holdReasons = (policy: HoldPolicy, found: Found, now: Filled, before: Filled | null): string[] => {
  // a fall that passed once, or that a person released, is none in the next run
  const known = found.known - found.settled;
  const vanished = found.vanished - found.settled;
  if (known === 0) return [];
  if (now.read === 0) return [`the view returned no row, and Salesforce holds ${known}`];
  const reasons: string[] = [];
  const fewer = shareOf(vanished, known);
  if (fewer > policy.fewerRows)
    reasons.push(
      `${vanished} of ${known} rows are no longer in the view: ${percent(fewer)}, at most ${percent(policy.fewerRows)} pass`,
    );
  const changed = shareOf(found.changed, known);
  if (changed > policy.changedRows)
    reasons.push(
      `${found.changed} of ${known} rows changed: ${percent(changed)}, at most ${percent(policy.changedRows)} pass`,
    );
  return before === null
    ? reasons
    : [...reasons, ...emptied(now, before, { most: policy.emptiedValues, refused: found.refused })];
};
