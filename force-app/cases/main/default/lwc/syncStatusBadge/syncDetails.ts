import { LABELS } from './labels';
import type { SyncFacts } from './syncFacts';

export interface Detail {
  label: string;
  value: string | number;
  isTime: boolean;
}

/** The facts that support the state, empty ones left out. */
export function detailsOf(facts: SyncFacts): Detail[] {
  const rows: [label: string, value: string | number | null, isTime: boolean][] = [
    [requestedAtLabel(facts), timestamp(facts.requestedAt), true],
    [LABELS.nextAttempt, timestamp(facts.nextAttempt), true],
    [LABELS.externalId, facts.externalId, false],
    [LABELS.version, facts.version, false],
    [LABELS.attempts, attemptsOf(facts), false],
    facts.status === 'Failed'
      ? [LABELS.errorCode, facts.errorCode, false]
      : [LABELS.lastError, facts.errorText ?? facts.errorCode, false],
  ];
  return rows.flatMap(([label, value, isTime]) => (value === null ? [] : [{ label, value, isTime }]));
}

/** lightning-relative-date-time takes no text. */
function timestamp(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}

/** The time counts what is pending, so what it tells depends on that. */
function requestedAtLabel({ status, pending }: SyncFacts): string {
  if (status === 'In Progress') return LABELS.waitingSince;
  return status === 'Failed' && pending === 'Retry' ? LABELS.failedAt : LABELS.lastSent;
}

/** The field counts re-requests of the version, people count attempts; the first needs no mention. */
function attemptsOf({ attempt }: SyncFacts): number | null {
  return attempt === null || attempt === 0 ? null : attempt + 1;
}
