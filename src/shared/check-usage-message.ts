/** What is wrong with a message of the usage flow where it enters: one set of rules for all its parts. */
import {
  byKind,
  count,
  diagnostic,
  fields,
  flag,
  identifier,
  key,
  listOf,
  oneOf,
  optional,
  orNull,
  time,
  wholeFrom,
  type Check,
  type Problem,
} from './checks.ts';
import {
  MAX_DECIDED_BY,
  MAX_DECISION_REASON,
  type AdMessage,
  type AdOutcomeMessage,
  type Decision,
  type DecisionKind,
  type DecisionMessage,
  type OwnSealMessage,
  type SealMessage,
} from './usage-messages.ts';

/** Number(15, 3) in Salesforce. */
const UNITS = /^\d{1,12}(\.\d{1,3})?$/;
const MAX_USES = 20;
const MAX_CONTRACT_NUMBER = 30;

/** Why a text is no amount of units, as words that follow its field, or null. No float is ever made of it. */
export const unitsProblem = (units: string): string | null => {
  if (/^\s*-/.test(units)) return 'must be above 0; to take an ad back, cancel it';
  if (!UNITS.test(units))
    return 'must be a decimal with at most twelve digits before the point and three behind it, for example 3 or 0.25';
  return /[1-9]/.test(units) ? null : 'must be above 0; to take an ad back, cancel it';
};

export const CURRENCY = /^[A-Z]{3}$/;

const units: Check = (value) => {
  const is = typeof value === 'string' ? unitsProblem(value) : 'must be a decimal as text';
  return is === null ? null : { at: '', is };
};
const currency: Check = (value) =>
  typeof value === 'string' && CURRENCY.test(value) ? null : { at: '', is: 'must be three capital letters (ISO 4217)' };
const use = fields({ position: wholeFrom(1, MAX_USES), productNumber: identifier(255), units });

const uses: Check = (value) => {
  const wrong = listOf(use)(value);
  if (wrong) return wrong;
  const all = value as AdMessage['uses'];
  if (all.length === 0 || all.length > MAX_USES) return { at: '', is: `must be a list of 1 to ${MAX_USES} uses` };
  return new Set(all.map(({ position }) => position)).size === all.length
    ? null
    : { at: '', is: 'must not name a position twice' };
};

const KINDS: readonly DecisionKind[] = ['NEXT_CONTRACT', 'CREDIT', 'DROP'];
const DECISION: Record<keyof Decision, Check> = {
  version: count,
  kind: oneOf(...KINDS),
  reason: orNull(identifier(MAX_DECISION_REASON)),
  by: identifier(MAX_DECIDED_BY),
  at: time,
  carriedOut: optional(count),
  inSalesforce: optional(flag),
};
const checkDecision = fields(DECISION);

const decision: Check = (value) => {
  const wrong = checkDecision(value);
  if (wrong) return wrong;
  const { kind, reason } = value as Decision;
  return kind !== 'NEXT_CONTRACT' && reason === null ? { at: 'reason', is: `must say why, for ${kind}` } : null;
};

const AD: Record<keyof AdMessage, Check> = {
  kind: oneOf('ad'),
  id: identifier(100),
  adId: key,
  version: count,
  title: identifier(200),
  contractNumber: identifier(MAX_CONTRACT_NUMBER),
  currency,
  bookedAt: time,
  cancelled: flag,
  uses,
  decision: optional(decision),
};

const OUTCOME: Record<keyof AdOutcomeMessage, Check> = {
  kind: oneOf('outcome'),
  id: identifier(100),
  adId: key,
  version: count,
  outcome: oneOf('APPLIED', 'IGNORED', 'EXCEPTION', 'REFUSED'),
  errorCode: orNull(diagnostic),
  message: orNull(diagnostic),
  appliedVersion: orNull(count),
  at: time,
};

const TOLD_DECISION: Record<keyof DecisionMessage, Check> = {
  kind: oneOf('decision'),
  id: identifier(100),
  adId: key,
  version: count,
  decision: oneOf(...KINDS),
  nextContractNumber: orNull(identifier(MAX_CONTRACT_NUMBER)),
  reason: orNull(diagnostic),
  by: identifier(MAX_DECIDED_BY),
  at: time,
  appliedVersion: orNull(count),
};

/** An exact sum, without zeros at the end. */
const sum: Check = (value) =>
  typeof value === 'string' && /^\d{1,30}(\.\d{1,9})?$/.test(value) ? null : { at: '', is: 'must be a plain decimal' };
const digest: Check = (value) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? null : { at: '', is: 'must be 64 hex digits' };
/** Number(9, 0) in Salesforce. */
const MAX_ENTRIES = 999_999_999;

const SEAL: Record<keyof SealMessage, Check> = {
  kind: oneOf('seal'),
  id: identifier(100),
  contractNumber: identifier(30),
  entries: wholeFrom(0, MAX_ENTRIES),
  units: sum,
  amount: sum,
  digest,
  basis: diagnostic,
  basisDigest: digest,
  sealedAt: time,
  again: optional(flag),
};

const OWN_SEAL: Record<keyof OwnSealMessage, Check> = {
  kind: oneOf('ownSeal'),
  id: identifier(100),
  contractNumber: identifier(30),
  entries: wholeFrom(0, MAX_ENTRIES),
  units: sum,
  digest,
  since: time,
};

const checkAll = fields(AD);
const checkToldOnes = byKind('kind', { outcome: fields(OUTCOME), seal: fields(SEAL), decision: fields(TOLD_DECISION) });
const checkOwnSeals = fields(OWN_SEAL);

export const checkAd = (value: unknown): Problem | null => checkAll(value);
/** Of what the middle layer tells the service application. */
export const checkToService = (value: unknown): Problem | null => checkToldOnes(value);
export const checkOwnSeal = (value: unknown): Problem | null => checkOwnSeals(value);
