import type { RequestMessage, Values } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';
import { readBase, readPriorState } from '../db/revisions.ts';
import type { CaseRecord } from '../records.ts';
import { merge } from '../rules/merge.ts';
import { normalise } from '../rules/normalise.ts';
import type { Standing } from './standing.ts';

/**
 * Merges what Salesforce asks for into the record. What counts as a change there depends on what its state rests on:
 * the newest of the revision it stored and the last request it made, as long as both histories are whole.
 */
export const mergeInto = async (
  { fields }: Context,
  tx: Queryable,
  record: CaseRecord,
  request: RequestMessage,
  requested: Values,
  standing: Standing,
): Promise<ReturnType<typeof merge>> => {
  const { values: current } = record;
  const { owners } = request;
  if (standing === 'org behind') {
    const known = await readBase(tx, record.key, request.baseRevision);
    if (known)
      return merge({
        requested,
        prior: normalise(fields, known.prior),
        current,
        base: known.outsideOf(current),
        owners,
      });
  }
  const known = await readPriorState(tx, record.key, storedRevision(record, request, standing));
  // nothing known of Salesforce's prior state: every field it sends counts as its change against the birth of the record
  if (!known) return merge({ requested, prior: {}, current, base: current, owners });
  const prior = normalise(fields, known);
  // what the registry holds otherwise, Salesforce has not seen: a conflict that its last request lost is one still
  return merge({ requested, prior, current, base: prior, owners });
};

/** Whatever Salesforce stored of a record that was born outside came of its first revision. */
const FIRST = 1;

/**
 * The revision of the registry's own history that Salesforce's state rests on. A number that Salesforce took from a
 * history which is lost here may have been given to something else since: then it is the newest acknowledged one.
 */
const storedRevision = (
  { acknowledged_revision: acknowledged }: CaseRecord,
  { baseRevision }: RequestMessage,
  standing: Standing,
): number | null =>
  standing === 'registry behind' && baseRevision !== null && baseRevision > (acknowledged ?? 0)
    ? (acknowledged ?? FIRST)
    : baseRevision;
