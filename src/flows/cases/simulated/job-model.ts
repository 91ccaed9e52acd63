/**
 * What a run of the org's reconciliation job must do: written down from docs/case-protocol.md ("States of a Case", "Heartbeat"),
 * apart from the Apex that does it.
 */
import { backoffMinutes, GIVEN_UP, MAX_ATTEMPTS } from './case-states.ts';
import { type Held, stamp } from './case-model.ts';

const MINUTE = 60_000;
/** Default setting: custom metadata Concord Setting. */
const GRACE_MS = 15 * MINUTE;
/** The pace at which what was given up is asked for again. */
const SLOW_MINUTES = backoffMinutes(MAX_ATTEMPTS * 10);

/** At least so many overdue Cases, and more than `share` percent of all, open the breaker. */
export interface BreakerBounds {
  least: number;
  share: number;
}

/** Default setting. */
export const JOB_BREAKER: BreakerBounds = { least: 1000, share: 50 };

/** Whether a run that found so many overdue Cases of so many asks for none of them, and opens the breaker where it was closed. */
export const stops = (overdue: number, of: number, isOpen: boolean, { least, share } = JOB_BREAKER): boolean =>
  overdue > 0 && (isOpen || (overdue >= least && overdue * 100 > of * share));

/** `Sync_Control__c` of the org, as the middle layer's heartbeat leaves it. */
export interface Control {
  Swept_At__c: string | null;
  Clear_Since__c: string | null;
  Activated_At__c: string | null;
  /** Since when nothing gets through, as a run noted it, and when people were told. */
  Waiting_Since__c: string | null;
  Outage_Alerted_At__c: string | null;
}

const after = (time: string | null, moment: number): boolean => time !== null && Date.parse(time) > moment;

/** Nothing gets through, as far as the org can know: then nothing is overdue. */
export const isOutage = (
  { Swept_At__c: swept, Clear_Since__c: clear, Activated_At__c: activated }: Control,
  now: number,
): boolean => {
  if (swept === null) return after(activated, now - GRACE_MS);
  // written by a clock that was wrong
  if (after(swept, now + GRACE_MS) || after(clear, now + GRACE_MS)) return false;
  const isSilent = Date.parse(swept) < now - GRACE_MS;
  return isSilent || clear === null || after(clear, now - GRACE_MS);
};

/** Default setting: how long nothing may get through before people are told. */
const ALERT_MS = 60 * MINUTE;

/** Since when nothing gets through, as a run must say it: what was noted first stands. */
export const waitingSince = ({ Waiting_Since__c: noted, Swept_At__c: swept }: Control, now: number): string => {
  if (noted !== null) return noted;
  return swept !== null && Date.parse(swept) < now - GRACE_MS ? swept : stamp(now);
};

/** Whether people must have been told, once a run has seen that nothing gets through: after a while, and then once. */
export const isToldOfOutage = (control: Control, now: number): boolean =>
  Date.parse(waitingSince(control, now)) <= now - ALERT_MS ||
  (control.Waiting_Since__c !== null && control.Outage_Alerted_At__c !== null);

const isDue = (time: string | null, now: number): boolean => time !== null && !after(time, now);

/** Its answer or confirmation is past grace, or its time has come. */
export const isOverdue = (held: Held, now: number): boolean => {
  const { Sync_Pending__c: pending, Sync_Next_Attempt__c: next } = held;
  if (pending === 'Retry') return isDue(next, now);
  if (pending === null) return false;
  return isDue(held.Sync_Requested_At__c, now - GRACE_MS) && (next === null || isDue(next, now));
};

export const isGivenUp = ({ Sync_Status__c: status, Sync_Error_Code__c: code }: Held): boolean =>
  status === 'Failed' && code !== null && GIVEN_UP.has(code);

/** The Case of an overdue one after the job: asked for once more, or given up. */
export const advanced = (held: Held, now: number): Held => {
  const attempt = (held.Sync_Attempt__c ?? 0) + 1;
  const slowly = { Sync_Next_Attempt__c: stamp(now + SLOW_MINUTES * MINUTE) };
  if (held.Sync_Pending__c === 'Retry')
    return {
      ...held,
      Sync_Status__c: 'In Progress',
      Sync_Pending__c: 'Request',
      Sync_Attempt__c: attempt,
      Sync_Requested_At__c: stamp(now),
      Sync_Next_Attempt__c: null,
    };
  const missing =
    held.Sync_Pending__c === 'WriteBack' || held.Sync_Error_Code__c === 'NO_CONFIRMATION'
      ? 'NO_CONFIRMATION'
      : 'NO_ANSWER';
  const givenUp = { Sync_Status__c: 'Failed', Sync_Error_Code__c: missing, ...slowly };
  const again = { Sync_Attempt__c: attempt, Sync_Requested_At__c: stamp(now) };
  if (isGivenUp(held)) return { ...held, ...again, ...givenUp, Sync_Pending__c: 'Request' };
  const hasAttemptLeft = attempt - (held.Sync_First_Attempt__c ?? 0) < MAX_ATTEMPTS;
  return hasAttemptLeft ? { ...held, ...again } : { ...held, ...givenUp };
};

/** The kind under which a run counts a Case that it found. */
export const foundAs = ({ Sync_Pending__c: pending }: Held): keyof FoundCounts =>
  pending === 'Request'
    ? 'Found_Lost_Requests__c'
    : pending === 'WriteBack'
      ? 'Found_Lost_Write_Backs__c'
      : 'Found_Failed_Due__c';

interface FoundCounts {
  Found_Lost_Requests__c: number;
  Found_Lost_Write_Backs__c: number;
  Found_Failed_Due__c: number;
}

/** What a run counts. */
export interface RunCounts extends FoundCounts {
  Found__c: number;
  Still_Pending__c: number;
  Re_Requested__c: number;
  Given_Up__c: number;
  Recovered__c: number;
}

/** The counts of a run that found these Cases, by the ids of the Cases with an open finding before it. */
export const countsOf = (
  found: readonly Held[],
  known: ReadonlySet<string>,
  recovered: number,
  now: number,
): RunCounts => {
  const counts: RunCounts = {
    Found__c: 0,
    Found_Lost_Requests__c: 0,
    Found_Lost_Write_Backs__c: 0,
    Found_Failed_Due__c: 0,
    Still_Pending__c: 0,
    Re_Requested__c: 0,
    Given_Up__c: 0,
    Recovered__c: recovered,
  };
  for (const held of found) {
    const isNew = !known.has(held.Id);
    if (isNew) {
      counts.Found__c += 1;
      counts[foundAs(held)] += 1;
    } else counts.Still_Pending__c += 1;
    const givesUp = !isGivenUp(held) && isGivenUp(advanced(held, now));
    counts[givesUp ? 'Given_Up__c' : 'Re_Requested__c'] += 1;
  }
  return counts;
};
