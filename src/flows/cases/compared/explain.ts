import { codeName, fateOf, moment, whyNotDelivered, type Fate } from '../../../reconciliation/trail/fate.ts';
import type { Trail } from '../../../reconciliation/trail/types.ts';
import type { Compared as ComparedRecord } from '../../../reconciliation/types.ts';
import { awaitedBy, type CaseKind, type CaseState, type RegistryState } from './types.ts';

type Compared = ComparedRecord<CaseState, RegistryState, CaseKind>;

/** The cause in a sentence of codes and times, or null when the trail does not tell it. */
type Explain = (compared: Compared, trail: Trail) => string | null;

/** What the trail does not mention has not happened, unless older entries were left out. */
const never = (trail: Trail, sentence: string): string | null => (trail.more ? null : sentence);

/** Of the newest version: the request left, was accepted, was answered, the answer was stored? The first no is the cause. */
const unanswered: Explain = ({ salesforce }, trail) => {
  if (!salesforce) return null;
  const { version } = salesforce;
  const subject = `The request of version ${version}`;
  const request = fateOf(trail, { target: 'external', kinds: ['request'], version });
  if (!request.seen && !request.letter)
    return never(trail, `No request of version ${version} ever left: the middle layer has not seen it.`);
  if (!request.done) return whyNotDelivered(subject, request);
  const accepted = `${subject} was accepted by the external system at ${moment(request.done.at)}`;
  const refusal = fateOf(trail, { target: 'salesforce', kinds: ['refused'], version }, request.done);
  const record = fateOf(trail, { target: 'salesforce', kinds: ['record'] }, request.done);
  const answer = refusal.seen ? refusal : record;
  if (!answer.seen) return `${accepted}, and no answer came back.`;
  if (!answer.done) return whyNotDelivered(`The answer to version ${version}`, answer);
  return `${accepted}; its answer reached Salesforce at ${moment(answer.done.at)}, which answered ${codeName(answer.done.outcome)}.`;
};

const versionOf = ({ salesforce }: Compared, { seen }: Fate): number | null =>
  seen?.version ?? salesforce?.version ?? null;

/** `confirmed`: what it means that the confirmation came. */
const writeBack =
  (confirmed: (confirmation: Fate, subject: string) => string): Explain =>
  (compared, trail) => {
    const { salesforce } = compared;
    // of a Case at rest any version's counts
    const version = salesforce && awaitedBy(salesforce) === 'WriteBack' ? { version: salesforce.version } : {};
    const sent = fateOf(trail, { target: 'external', kinds: ['writeBack'], ...version });
    const subject = `The write-back of version ${versionOf(compared, sent)}`;
    if (!sent.seen && !sent.letter)
      return never(trail, `${subject.replace('The', 'No')} ever left: the middle layer has not seen it.`);
    if (!sent.done) return whyNotDelivered(subject, sent);
    const confirmation = fateOf(trail, { target: 'salesforce', kinds: ['writeBackConfirmed'], ...version }, sent.done);
    return confirmation.seen
      ? confirmed(confirmation, subject)
      : `${subject} was accepted by the external system at ${moment(sent.done.at)}, and no confirmation came back.`;
  };

const lostWriteBack = writeBack(
  ({ seen }, subject) =>
    `${subject} was confirmed at ${moment(seen!.at)}; the external record has lost the Case id since, past the registry.`,
);

const unconfirmed = writeBack((confirmation, subject) => {
  const name = subject.replace('The', 'The confirmation of the');
  return confirmation.done
    ? `${name} reached Salesforce at ${moment(confirmation.done.at)}, which answered ${codeName(confirmation.done.outcome)}.`
    : whyNotDelivered(name, confirmation);
});

/** Why Salesforce has not stored a revision; null when it has. */
const notStored = (trail: Trail, revision: number): string | null => {
  const record = fateOf(trail, { target: 'salesforce', kinds: ['record'], revision });
  if (!record.seen && !record.letter) {
    const known = trail.entries.findLast(({ kind, revision: other }) => kind === 'record' && other !== null);
    const newest = known ? `: the newest it knows is ${known.revision}, of ${moment(known.at)}` : '';
    return never(trail, `No record of revision ${revision} ever reached the middle layer${newest}.`);
  }
  return record.done ? null : whyNotDelivered(`The record of revision ${revision}`, record);
};

const storedAt = (trail: Trail, revision: number): Fate['done'] =>
  fateOf(trail, { target: 'salesforce', kinds: ['record'], revision }).done;

const missingInSalesforce: Explain = ({ external }, trail) => {
  if (!external) return null;
  const why = notStored(trail, external.revision);
  const stored = storedAt(trail, external.revision);
  if (why !== null || !stored) return why;
  return `Salesforce answered ${codeName(stored.outcome)} to revision ${external.revision} at ${moment(stored.at)} and has no such Case any more: it was removed past its trigger, or Salesforce was restored to an earlier state.`;
};

const missingOutside: Explain = (_compared, trail) => {
  const told = trail.entries.findLast(({ target, kind }) => target === 'salesforce' && kind === 'record');
  return told
    ? `The external system told of revision ${told.revision} at ${moment(told.at)} and has no such record any more: it was removed there, or restored to an earlier state.`
    : never(trail, 'The external system never told of a record: nothing in the audit trail has come from there.');
};

const fieldMismatch: Explain = ({ external }, trail) => {
  if (!external) return null;
  const { revision } = external;
  const record = fateOf(trail, { target: 'salesforce', kinds: ['record'], revision });
  if (record.seen && !record.done) return whyNotDelivered(`The record of revision ${revision}`, record);
  if (!record.done) return null;
  if (record.done.outcome === 'RECORDED')
    return `Salesforce answered RECORDED to revision ${revision} at ${moment(record.done.at)}: it took number and revision, not the values.`;
  return `Nothing in the audit trail changed this record since revision ${revision}, stored at ${moment(record.done.at)}: it was changed past the registry.`;
};

const versionSkew: Explain = ({ salesforce, external }, trail) => {
  if (!salesforce || !external) return null;
  const [here, outside] = [salesforce.externalRevision ?? 0, external.revision];
  const stored = storedAt(trail, Math.max(here, outside));
  if (outside < here) {
    return stored
      ? `Salesforce stored revision ${here} at ${moment(stored.at)}, outside it is ${outside}: the external system was restored to an earlier state.`
      : null;
  }
  const why = notStored(trail, outside);
  if (why !== null || !stored) return why;
  return `Salesforce answered ${codeName(stored.outcome)} to revision ${outside} at ${moment(stored.at)} and knows ${here} now: it was restored to an earlier state.`;
};

const bypassedTrigger: Explain = (_compared, trail) => {
  const last = trail.entries.findLast(
    ({ target, kind, outcome }) =>
      (target === 'salesforce' && kind === 'record' && (outcome === 'APPLIED' || outcome === 'CREATED')) ||
      (target === 'external' && kind === 'request' && outcome === 'QUEUED'),
  );
  if (!last) return null;
  const what =
    last.kind === 'record'
      ? `revision ${last.revision}, stored at ${moment(last.at)}`
      : `version ${last.version}, requested at ${moment(last.at)}`;
  return `Nothing in the audit trail changed this Case since ${what}: it was changed past the trigger.`;
};

const failed: Explain = ({ salesforce }, trail) => {
  if (!salesforce) return null;
  const { version } = salesforce;
  const request = fateOf(trail, { target: 'external', kinds: ['request'], version });
  if (request.letter) return whyNotDelivered(`The request of version ${version}`, request);
  const record = fateOf(trail, { target: 'salesforce', kinds: ['record'] });
  const refused = fateOf(trail, { target: 'salesforce', kinds: ['refused'], version });
  const stopped = record.failed.findLast(({ outcome }) => outcome === 'REFUSED');
  if (stopped && (!refused.seen || refused.seen.at < stopped.at))
    return `Salesforce refused revision ${stopped.revision} with ${codeName(stopped.code)} at ${moment(stopped.at)}.`;
  return refused.seen
    ? `The external system refused version ${version} with ${codeName(salesforce.errorCode)}; its refusal came at ${moment(refused.seen.at)}.`
    : null;
};

const duplicate: Explain = (_compared, trail) => {
  const [first, ...others] = trail.entries.filter(({ kind, outcome }) => kind === 'record' && outcome === 'CREATED');
  return first && others.length > 0
    ? `Salesforce made a Case for this record at ${moment(first.at)} and again at ${moment(others.at(-1)!.at)}.`
    : null;
};

const orphaned: Explain = ({ external }, trail) => {
  const [target, kind, subject, word, who] = external?.deleted
    ? (['salesforce', 'deleted', 'The deletion outside', 'Salesforce', 'the Case'] as const)
    : (['external', 'deletion', 'The deletion of the Case', 'the external system', 'its record'] as const);
  const told = fateOf(trail, { target, kinds: [kind] });
  if (!told.seen && !told.letter) return never(trail, `${subject} was never told: the middle layer has not seen it.`);
  if (!told.done) return whyNotDelivered(subject, told);
  return `${subject} was told to ${word} at ${moment(told.done.at)}; ${who} stays until a person decides.`;
};

const besideTheCase: Explain = ({ external }, trail) => {
  if (!external) return null;
  const { revision } = external;
  const told = fateOf(trail, { target: 'salesforce', kinds: ['record'], revision });
  return told.done
    ? `Salesforce took revision ${revision} at ${moment(told.done.at)}; a rule of the org did not let its state be stored on the Case.`
    : notStored(trail, revision);
};

const EXPLAIN: Record<CaseKind, Explain> = {
  'missing in Salesforce': missingInSalesforce,
  'missing outside': missingOutside,
  'field mismatch': fieldMismatch,
  'lost acknowledgement': (compared, trail) =>
    compared.salesforce && awaitedBy(compared.salesforce) === 'WriteBack'
      ? unconfirmed(compared, trail)
      : unacknowledged(compared, trail),
  'lost write-back': lostWriteBack,
  'stuck in progress': unanswered,
  failed,
  duplicate,
  'orphaned by deletion': orphaned,
  'version skew': versionSkew,
  'bypassed trigger': bypassedTrigger,
  'state not stored': besideTheCase,
};

const unacknowledged: Explain = ({ external }, trail) => {
  if (!external) return null;
  const { revision } = external;
  const subject = `The acknowledgement of revision ${revision}`;
  const sent = fateOf(trail, { target: 'external', kinds: ['acknowledge', 'writeBack'], revision });
  if (sent.done)
    return `${subject} was accepted by the external system at ${moment(sent.done.at)}, and its record does not show it.`;
  if (sent.seen || sent.letter) return whyNotDelivered(subject, sent);
  return notStored(trail, revision) ?? never(trail, `${subject.replace('The', 'No')} ever left the middle layer.`);
};

/** What the audit trail tells of a discrepancy's cause: a sentence of codes and times, never of values; null when it tells nothing. */
export const explain = (compared: Compared, trail: Trail): string | null =>
  EXPLAIN[compared.discrepancy.kind](compared, trail);
