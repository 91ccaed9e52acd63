/** What the service team does with ads. Each change is saved and queued for reporting in one transaction. */
import { randomUuid } from 'kernel/random.ts';
import { RequestError } from '../shared/router.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { CURRENCY, unitsProblem } from '../shared/check-usage-message.ts';
import { identifierProblem } from '../shared/text.ts';
import type { Use } from '../shared/usage-messages.ts';
import type { Context } from './context.ts';
import { insertAd, lockAd, recordChange, updateAd, type Ad, type ChangeName } from './db/ads.ts';
import { queueReport } from './db/reports.ts';

/** An ad as it is written into a form. */
export interface Wanted {
  title: string;
  contractNumber: string;
  currency: string;
  uses: { productNumber: string; units: string }[];
}

/** One thing that is wrong with a form: which field, and what to do. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** A form that cannot be saved. Says all that is wrong with it at once. */
export class BadForm extends RequestError {
  override name = 'BadForm';
  readonly problems: FieldProblem[];
  constructor(problems: FieldProblem[]) {
    super(422, 'BAD_FORM', problems.map(({ field, message }) => `${field} ${message}`).join('; '));
    this.problems = problems;
  }
}

/** Somebody else saved the ad meanwhile. */
export const changedMeanwhile = (): RequestError =>
  new RequestError(409, 'CHANGED_MEANWHILE', 'somebody else changed this ad meanwhile; look at it again');

const MAX_TITLE = 200;
/** `Contract.ContractNumber` and `Product2.ProductCode` are texts of at most so many characters. */
const MAX_CONTRACT_NUMBER = 30;
const MAX_PRODUCT_NUMBER = 255;
const MAX_USES = 20;
const problemsOf = ({ title, contractNumber, currency, uses }: Wanted): FieldProblem[] => {
  const found: [field: string, problem: string | null][] = [
    ['title', identifierProblem(title, MAX_TITLE)],
    ['contract', identifierProblem(contractNumber, MAX_CONTRACT_NUMBER)],
    ['currency', CURRENCY.test(currency) ? null : 'must be three capital letters (ISO 4217), for example EUR'],
    [
      'products',
      uses.length === 0 ? 'must be at least one' : uses.length > MAX_USES ? `must be at most ${MAX_USES}` : null,
    ],
    ...uses.flatMap(({ productNumber, units }, at): [string, string | null][] => [
      [`product ${at + 1}`, identifierProblem(productNumber, MAX_PRODUCT_NUMBER)],
      [`units ${at + 1}`, unitsProblem(units)],
    ]),
  ];
  const numbers = uses.map(({ productNumber }) => productNumber);
  const twice = numbers.find((number, at) => number !== '' && numbers.indexOf(number) !== at);
  if (twice !== undefined) found.push(['products', `names ${JSON.stringify(twice)} twice; add their units up`]);
  return found.flatMap(([field, message]) => (message === null ? [] : [{ field, message }]));
};

const trimmed = (wanted: Wanted): Wanted => ({
  title: wanted.title.trim(),
  contractNumber: wanted.contractNumber.trim(),
  currency: wanted.currency.trim().toUpperCase(),
  uses: wanted.uses
    .map(({ productNumber, units }) => ({ productNumber: productNumber.trim(), units: units.trim() }))
    .filter(({ productNumber, units }) => productNumber !== '' || units !== ''),
});

/** The form as it is saved. Throws BadForm. */
export const checked = (wanted: Wanted): Wanted => {
  const form = trimmed(wanted);
  const problems = problemsOf(form);
  if (problems.length > 0) throw new BadForm(problems);
  return form;
};

const positioned = (uses: Wanted['uses']): Use[] => uses.map((use, at) => ({ position: at + 1, ...use }));

const queue = (context: Context, tx: Queryable, { id, version }: Ad, now: Date): Promise<unknown> =>
  queueReport(tx, { adId: id, version, messageId: randomUuid(context.random), now });

/** Books a new ad. Throws BadForm. `id`: the form's own, so that a form that is sent twice books once. */
export const bookAd = async (context: Context, id: string, wanted: Wanted, by: string): Promise<Ad> => {
  const form = checked(wanted);
  const now = new Date(context.clock.now());
  const ad: Ad = {
    id,
    version: 1,
    title: form.title,
    contractNumber: form.contractNumber,
    currency: form.currency,
    bookedAt: now,
    cancelled: false,
    uses: positioned(form.uses),
    outcome: null,
    errorCode: null,
    error: null,
  };
  return context.db.transaction(async (tx) => {
    const earlier = await lockAd(tx, id);
    if (earlier) return earlier;
    await insertAd(tx, ad);
    await recordChange(tx, ad, { what: 'booked', by, at: now });
    await queue(context, tx, ad, now);
    return ad;
  });
};

/**
 * Corrects an ad, or moves it to another contract. `version`: the one that the person saw. Throws BadForm, and
 * RequestError 404, 409 when it was changed meanwhile or is cancelled.
 */
export const changeAd = async (
  context: Context,
  which: { id: string; version: number },
  wanted: Wanted,
  by: string,
): Promise<Ad> => {
  const form = checked(wanted);
  return change(context, which, by, (before) => rewritten(before, form));
};

/** What saving this form does to the ad. */
export const rewritten = (before: Ad, form: Wanted): Changed => ({
  what: before.contractNumber === form.contractNumber ? 'corrected' : 'moved',
  after: {
    ...before,
    title: form.title,
    contractNumber: form.contractNumber,
    currency: form.currency,
    uses: positioned(form.uses),
  },
});

/** Cancels an ad: what it used is free again. It stays visible, and cannot be changed any more. */
export const cancelAd = (context: Context, which: { id: string; version: number }, by: string): Promise<Ad> =>
  change(context, which, by, (before) => ({ what: 'cancelled', after: { ...before, cancelled: true } }));

export interface Changed {
  what: Exclude<ChangeName, 'booked'>;
  after: Ad;
}

const change = (
  context: Context,
  { id, version }: { id: string; version: number },
  by: string,
  make: (before: Ad) => Changed,
): Promise<Ad> =>
  context.db.transaction(async (tx) => {
    const before = await lockAd(tx, id);
    if (!before) throw new RequestError(404, 'NOT_FOUND', `there is no ad ${id}`);
    if (before.version !== version) throw changedMeanwhile();
    if (before.cancelled) throw new RequestError(409, 'CANCELLED', 'this ad is cancelled; book a new one');
    return saveNext(context, tx, make(before), by);
  });

/** Saves the next version of an ad that the transaction has locked, and queues its report. */
export const saveNext = async (context: Context, tx: Queryable, { what, after }: Changed, by: string): Promise<Ad> => {
  const ad: Ad = { ...after, version: after.version + 1, outcome: null, errorCode: null, error: null };
  const now = new Date(context.clock.now());
  await updateAd(tx, ad);
  await recordChange(tx, ad, { what, by, at: now });
  await queue(context, tx, ad, now);
  return ad;
};

/** Reports an ad once more, as it is: after its contract or its rights were corrected in Salesforce. */
export const reportAgain = (context: Context, id: string): Promise<void> =>
  context.db.transaction(async (tx) => {
    const ad = await lockAd(tx, id);
    if (!ad) throw new RequestError(404, 'NOT_FOUND', `there is no ad ${id}`);
    await queueAsItIs(context, tx, ad);
  });

/** Queues the newest version of an ad that the transaction has locked. */
export const queueAsItIs = (context: Context, tx: Queryable, ad: Ad): Promise<unknown> =>
  queue(context, tx, ad, new Date(context.clock.now()));
