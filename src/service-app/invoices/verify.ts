/** Whether all sides agree on what was used of a fulfilled contract: only then it is invoiced. */
import { decimal, exactText, isEqual, times, total } from '../../shared/exact-decimal.ts';
import { sealOf, type SealedEntry, type UsageSeal } from '../../shared/usage-seal.ts';
import type { Context } from '../context.ts';
import type { Contracts, LiveEntry, LiveSeal } from '../contracts.ts';
import { appliedEntries, countUnsettled, findSeal, type ContractSeal } from '../db/seals.ts';
import { isWhole } from '../seals.ts';
import { basisOf, type Basis } from './basis.ts';
import type { AuditedSeals } from './audited-seals.ts';

/**
 * What is wrong with a seal, in words for people; nothing: `basis` may be invoiced. `lost`: keys of bookings that are here otherwise
 * than they were sealed, where all the rest agrees: what stands in Salesforce, its seal, and the one in the audit.
 */
export type Verdict = { agrees: true; basis: Basis } | { agrees: false; problems: string[]; lost: string[] };

/** Bookings that a page names; the others are counted. */
const MAX_NAMED = 20;

const said = ({ units, productNumber, version }: SealedEntry): string =>
  `${exactText(decimal(units))} × ${productNumber} (version ${version})`;

interface Difference {
  /** Of the booking. */
  key: string;
  words: string;
}

/** Where the entries that stand in Salesforce and the bookings here differ, by booking. */
const differences = (live: readonly SealedEntry[], own: readonly SealedEntry[]): Difference[] => {
  const ours = new Map(own.map((entry) => [entry.key, entry]));
  const theirs = new Map(live.map((entry) => [entry.key, entry]));
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].toSorted();
  return keys.flatMap((key): Difference[] => {
    const [here, there] = [ours.get(key), theirs.get(key)];
    if (here && there && said(here) === said(there)) return [];
    const words = `Booking ${key}: ${here ? said(here) : 'nothing'} was booked here, ${there ? said(there) : 'nothing'} stands in Salesforce.`;
    return [{ key, words }];
  });
};

const shortened = (found: string[]): string[] =>
  found.length > MAX_NAMED ? [...found.slice(0, MAX_NAMED), `And ${found.length - MAX_NAMED} more.`] : found;

const NO_LINE = '(a line that is not of the contract)';

const named = (entries: readonly LiveEntry[], { lines }: Basis): SealedEntry[] => {
  const productOf = new Map(lines.map(({ id, productNumber }) => [id, productNumber]));
  return entries.map(({ key, version, units, lineId }) => ({
    key,
    version,
    units,
    productNumber: productOf.get(lineId) ?? NO_LINE,
  }));
};

/** Lines whose entries come to other units than the basis says: an entry may move between lines of one product. */
const movedLines = (entries: readonly LiveEntry[], { lines }: Basis): string[] => {
  const byLine = Map.groupBy(entries, ({ lineId }) => lineId);
  return lines.flatMap(({ id, productNumber, units }) => {
    const live = total((byLine.get(id) ?? []).map((entry) => decimal(entry.units)));
    return isEqual(live, decimal(units))
      ? []
      : [`Line ${id} (${productNumber}): ${units} units were sealed, ${exactText(live)} stand in Salesforce.`];
  });
};

type SealFields = Pick<ContractSeal, 'entries' | 'units' | 'amount' | 'digest' | 'basisDigest'>;
const FIELDS: readonly (keyof SealFields)[] = ['entries', 'units', 'amount', 'digest', 'basisDigest'];

/** What of two seals is not the same. */
const unequal = (one: SealFields, other: SealFields): string =>
  FIELDS.filter((field) => one[field] !== other[field])
    .map((field) => `${field} ${other[field]} instead of ${one[field]}`)
    .join(', ');

const isSame = (one: UsageSeal, { entries, units, digest }: SealFields): boolean =>
  one.entries === entries && one.units === units && one.digest === digest;

const amountOf = ({ lines }: Basis): string =>
  exactText(total(lines.map(({ units, price }) => times(decimal(units), decimal(price)))));

/** What is wrong with the seals themselves. */
const sealProblems = (kept: ContractSeal, audited: SealFields, live: LiveSeal): string[] => {
  const problems: string[] = [];
  const audit = unequal(kept, audited);
  if (audit !== '') problems.push(`The middle layer's audit has another seal: ${audit}.`);
  const org = unequal(kept, live);
  if (org !== '') problems.push(`The seal in Salesforce was changed: ${org}.`);
  if (!isWhole(live)) problems.push('The basis of the seal in Salesforce was changed.');
  if (!isWhole(kept)) problems.push('The basis that is kept here was changed.');
  return problems;
};

/** Rejects with SalesforceAway and MiddleLayerAway. */
export const verifySeal = async (
  { db }: Context,
  sides: { contracts: Contracts; audited: AuditedSeals },
  contractNumber: string,
): Promise<Verdict> => {
  const kept = await findSeal(db, contractNumber);
  if (!kept)
    return refused(
      'No seal of this contract has come yet: it is not fulfilled, or its seal is still on the way. The page of the contract says how far a seal of very many entries is. One that was lost here is stated once more by reconciliation (npm run reconcile -- --flow usage).',
    );
  const audited = await sides.audited.read(contractNumber);
  if (!audited)
    return refused(
      'The middle layer has no seal of this contract in its audit: it has lost it, or has not taken it yet. Reconciliation (npm run reconcile -- --flow usage) lets Salesforce state it once more.',
    );
  const live = await sides.contracts.readSeal(contractNumber);
  if (!live) return refused('Salesforce has no seal of this contract any more.');
  const basis = basisOf(kept.basis);
  if (!basis) return refused('The basis of the seal cannot be read.');

  const own = await appliedEntries(db, contractNumber);
  const standing = named(live.entries, basis);
  const problems = sealProblems(kept, audited, live.seal);
  if (amountOf(basis) !== kept.amount) problems.push(`The lines of the basis do not come to ${kept.amount}.`);
  if (!isSame(sealOf(standing), kept)) problems.push('The entries in Salesforce are not those that were sealed.');
  problems.push(...movedLines(live.entries, basis));
  const differing = differences(standing, own);
  const lost = problems.length === 0 ? differing.map(({ key }) => key) : [];
  if (!isSame(sealOf(own), kept)) {
    const unsettled = await countUnsettled(db, contractNumber);
    const perhaps = unsettled > 0 ? ` ${unsettled} ads still wait for their outcome, which may settle it.` : '';
    problems.push(`The bookings here do not come to what was sealed.${perhaps}`);
  }
  problems.push(...shortened(differing.map(({ words }) => words)));
  return problems.length === 0 ? { agrees: true, basis } : { agrees: false, problems, lost };
};

const refused = (problem: string): Verdict => ({ agrees: false, problems: [problem], lost: [] });
