/** What is wrong with a message of the usage flow where it enters: one set of rules for all its parts. */
import {
  count,
  diagnostic,
  fields,
  flag,
  identifier,
  key,
  listOf,
  oneOf,
  orNull,
  time,
  wholeFrom,
  type Check,
  type Problem,
} from './checks.ts';
import type { AdMessage, AdOutcomeMessage } from './usage-messages.ts';

/** Number(15, 3) in Salesforce. */
const UNITS = /^\d{1,12}(\.\d{1,3})?$/;
const MAX_USES = 20;

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

const AD: Record<keyof AdMessage, Check> = {
  kind: oneOf('ad'),
  id: identifier(100),
  adId: key,
  version: count,
  title: identifier(200),
  contractNumber: identifier(30),
  currency,
  bookedAt: time,
  cancelled: flag,
  uses,
};

const OUTCOME: Record<keyof AdOutcomeMessage, Check> = {
  kind: oneOf('outcome'),
  id: identifier(100),
  adId: key,
  version: count,
  outcome: oneOf('APPLIED', 'IGNORED', 'EXCEPTION', 'REFUSED'),
  errorCode: orNull(diagnostic),
  message: orNull(diagnostic),
  at: time,
};

const checkAll = fields(AD);
const checkOutcomes = fields(OUTCOME);

export const checkAd = (value: unknown): Problem | null => checkAll(value);
export const checkAdOutcome = (value: unknown): Problem | null => checkOutcomes(value);
