/** Decisions on ads that Salesforce could not enter: made once, and saved in the transaction that queues what follows. */
import { RequestError } from '../shared/router.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { cutOff, identifierProblem, storableDiagnostic } from '../shared/text.ts';
import {
  MAX_DECIDED_BY,
  MAX_DECISION_REASON,
  type Decision,
  type DecisionKind,
  type DecisionMessage,
} from '../shared/usage-messages.ts';
import { BadForm, changedMeanwhile, checked, rewritten, saveNext, type Changed, type FieldProblem } from './booking.ts';
import type { Context } from './context.ts';
import { lockAd, recordApplied, type Ad } from './db/ads.ts';
import {
  appliedState,
  findDecision,
  saveDecision,
  stateAt,
  wasWithdrawn,
  type MadeDecision,
  type State,
} from './db/decisions.ts';

export const DECISION_NAMES: Record<DecisionKind, string> = {
  NEXT_CONTRACT: 'Next contract',
  CREDIT: 'Credit',
  DROP: 'Drop',
};

/** A decision as it is written into a form. */
export interface WantedDecision {
  kind: string;
  /** The next contract's; of no other kind. */
  contractNumber: string;
  reason: string;
}

const isKind = (kind: string): kind is DecisionKind => Object.hasOwn(DECISION_NAMES, kind);

const decided = (wanted: WantedDecision): { kind: DecisionKind; contractNumber: string; reason: string | null } => {
  const { kind } = wanted;
  const reason = wanted.reason.trim();
  const contractNumber = wanted.contractNumber.trim();
  if (!isKind(kind)) throw new BadForm([{ field: 'decision', message: 'must be one of those that are offered' }]);
  const problems: FieldProblem[] = [];
  const wrong = identifierProblem(reason, MAX_DECISION_REASON);
  if (wrong !== null && (reason !== '' || kind !== 'NEXT_CONTRACT')) problems.push({ field: 'reason', message: wrong });
  if (kind === 'NEXT_CONTRACT' && contractNumber === '')
    problems.push({ field: 'contract', message: 'must be the number of the next contract' });
  if (problems.length > 0) throw new BadForm(problems);
  return { kind, contractNumber, reason: reason === '' ? null : reason };
};

const toNextContract = (ad: Ad, contractNumber: string): Changed => {
  if (ad.cancelled)
    throw new BadForm([{ field: 'decision', message: 'must be Credit or Drop: a cancelled ad moves nowhere' }]);
  if (contractNumber === ad.contractNumber)
    throw new BadForm([{ field: 'contract', message: 'must be another one than that which could not take it' }]);
  return rewritten(ad, checked({ ...ad, contractNumber }));
};

/** The ad says again what Salesforce has of it. What Salesforce never entered is cancelled. */
const takenBack = async (tx: Queryable, ad: Ad): Promise<Changed> => {
  const applied = await appliedState(tx, ad.id);
  if (applied === null) return { what: 'cancelled', after: { ...ad, cancelled: true } };
  return { what: applied.cancelled ? 'cancelled' : 'corrected', after: withState(ad, applied) };
};

const withState = (ad: Ad, { title, contractNumber, currency, cancelled, uses }: State): Ad => ({
  ...ad,
  title,
  contractNumber,
  currency,
  cancelled,
  uses,
});

const alreadyDecided = ({ by, kind, at, reason }: MadeDecision): RequestError =>
  new RequestError(
    409,
    'DECIDED',
    `${by} has decided this already, at ${at.toISOString()}: ${DECISION_NAMES[kind]}${reason === null ? '' : ` (${reason})`}`,
  );

/**
 * Decides on an ad that waits for it; `version`: the one that the person saw. Throws BadForm, and RequestError 404, or
 * 409 when somebody decided it before, changed the ad meanwhile, or nothing waits for a decision.
 */
export const decide = (
  context: Context,
  { id, version }: { id: string; version: number },
  wanted: WantedDecision,
  by: string,
): Promise<Ad> =>
  context.db.transaction(async (tx) => {
    const ad = await lockAd(tx, id);
    if (!ad) throw new RequestError(404, 'NOT_FOUND', `there is no ad ${id}`);
    const earlier = await findDecision(tx, id, version);
    if (earlier) throw alreadyDecided(earlier);
    if (ad.version !== version) throw changedMeanwhile();
    if (ad.outcome !== 'EXCEPTION') throw new RequestError(409, 'NOT_OPEN', 'this ad waits for no decision');
    const { kind, contractNumber, reason } = decided(wanted);
    const at = new Date(context.clock.now());
    const next = kind === 'NEXT_CONTRACT' ? toNextContract(ad, contractNumber) : await takenBack(tx, ad);
    const made: MadeDecision = {
      adId: id,
      version,
      kind,
      reason,
      by,
      at,
      carriedOut: version + 1,
      inSalesforce: false,
    };
    await saveDecision(tx, made, ad);
    return saveNext(context, tx, next, by);
  });

/** The person's name as the history of an ad has it. */
const nameInHistory = (by: string): string => `${by} (Salesforce)`;

/**
 * Takes what was decided in Salesforce. It stands: a decision that was made here meanwhile is set aside, and so is what was
 * changed of the ad since the version that was decided on. A repeat changes nothing.
 *
 * @returns false where nobody here knows that version of the ad, and the ad was not taken back as one that nobody booked
 */
export const takeDecision = (context: Context, told: DecisionMessage): Promise<boolean> =>
  context.db.transaction(async (tx) => {
    const ad = await lockAd(tx, told.adId);
    const state = await stateAt(tx, told.adId, told.version);
    if (!ad || (!state && !(await wasWithdrawn(tx, ad.id)))) return false;
    const earlier = await findDecision(tx, told.adId, told.version);
    if (earlier?.inSalesforce) return true;
    if (told.appliedVersion !== null) await recordApplied(tx, ad.id, told.appliedVersion);
    const next = state ? await following(tx, ad, state, told) : withdrawnAgain(ad);
    await saveDecision(
      tx,
      {
        adId: ad.id,
        version: told.version,
        kind: told.decision,
        reason: reasonOf(told),
        by: told.by,
        at: new Date(told.at),
        carriedOut: ad.version + 1,
        inSalesforce: true,
      },
      ad,
    );
    await saveNext(context, tx, next, nameInHistory(told.by));
    return true;
  });

/** What becomes of an ad by a decision on a state of it. */
const following = async (tx: Queryable, ad: Ad, state: State, told: DecisionMessage): Promise<Changed> =>
  told.decision === 'NEXT_CONTRACT'
    ? movedOn(ad, state, told.nextContractNumber ?? state.contractNumber)
    : takenBack(tx, withState(ad, state));

/** An ad that nobody here has booked has no earlier states: it stays taken back, and its next report knows the decision. */
const withdrawnAgain = (ad: Ad): Changed => ({ what: 'withdrawn', after: ad });

const movedOn = (ad: Ad, state: State, contractNumber: string): Changed => ({
  what: 'moved',
  after: withState(ad, { ...state, contractNumber }),
});

/** Salesforce asks for none of a credit. */
const reasonOf = ({ decision, reason }: DecisionMessage): string | null => {
  if (reason === null) return decision === 'NEXT_CONTRACT' ? null : 'no reason given';
  return cutOff(storableDiagnostic(reason), MAX_DECISION_REASON);
};

/** As it crosses to Salesforce. */
export const toldDecision = ({ version, kind, reason, by, at, carriedOut, inSalesforce }: MadeDecision): Decision => ({
  version,
  kind,
  reason,
  by: cutOff(by, MAX_DECIDED_BY),
  at: at.toISOString(),
  carriedOut,
  ...(inSalesforce && { inSalesforce }),
});
