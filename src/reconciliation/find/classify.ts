import { canonicalValue, contentOf, type ContentType } from '../digest/content.ts';
import { elementOf } from '../digest/element.ts';
import {
  awaitedBy,
  type Discrepancy,
  type DiscrepancyKind,
  type ExternalState,
  type FieldDifference,
  type FieldOwners,
  type SalesforceState,
} from '../types.ts';

export interface Rules {
  owners: FieldOwners;
  types: Record<string, ContentType>;
  /** Epoch milliseconds: the time as of which things count as at rest. While nothing gets through, it stands still. */
  now: number;
  /** What changed or was requested more recently may still be under way. */
  graceMs: number;
  /** Epoch milliseconds: a later time was written by a clock that was ahead, and says nothing of what is under way. */
  latest: number;
}

/** Whether what changed or was requested at that time is at rest by now. */
export const isAtRest = (at: number, { now, graceMs, latest }: Pick<Rules, 'now' | 'graceMs' | 'latest'>): boolean =>
  now - at > graceMs || at > latest;

/** `in flight` is no discrepancy: something is under way, or moved too recently to tell. */
export type Finding = Discrepancy | 'in flight' | 'equal';

const differences = (
  salesforce: SalesforceState,
  external: ExternalState,
  { owners, types }: Rules,
): FieldDifference[] =>
  Object.keys(types)
    .filter(
      (field) =>
        canonicalValue(salesforce.values[field], types[field]!) !==
        canonicalValue(external.values[field], types[field]!),
    )
    .map((field) => ({
      field,
      owner: owners[field] ?? 'External',
      salesforce: salesforce.values[field] ?? null,
      external: external.values[field] ?? null,
    }));

const fitsItsDigest = ({ key, values, digest }: SalesforceState, types: Record<string, ContentType>): boolean =>
  digest !== null && digest.d === elementOf(key, contentOf(values, types)).d;

/** What one key's state on both sides amounts to, read anew. `tombstone`: Salesforce recorded the Case's deletion. */
export const classify = (
  salesforce: SalesforceState | null,
  external: ExternalState | null,
  tombstone: boolean,
  rules: Rules,
): Finding => {
  const found = (kind: DiscrepancyKind, detail: string, fields: FieldDifference[] = []): Discrepancy => ({
    kind,
    key: (salesforce ?? external)!.key,
    caseId: salesforce?.id ?? external?.salesforceCaseId ?? null,
    externalId: external?.externalId ?? salesforce?.externalId ?? null,
    fields,
    detail,
  });
  const still = (at: number): boolean => isAtRest(at, rules);

  if (!salesforce && !external) return 'equal';
  if (!salesforce) {
    if (external!.deleted) return 'equal';
    if (tombstone || external!.deletedInSalesforce)
      return found('orphaned by deletion', 'the Case was deleted, the external record stays');
    return still(external!.updatedAt)
      ? found('missing in Salesforce', `the external record rests at revision ${external!.revision}`)
      : 'in flight';
  }
  if (external?.deleted) return found('orphaned by deletion', 'the external record was deleted, the Case stays');
  const awaited = awaitedBy(salesforce);
  const hasFailed = salesforce.status === 'Failed';
  if (hasFailed && awaited === null) return found('failed', salesforce.errorCode ?? 'no error code');
  const givenUp = hasFailed ? `; ${salesforce.errorCode}, the job asks again at a slow pace` : '';

  const waitsSince = salesforce.requestedAt ?? salesforce.modifiedAt;
  if (!external) {
    if (salesforce.status === 'Success')
      return still(salesforce.modifiedAt)
        ? found('missing outside', `the Case rests at version ${salesforce.version}`)
        : 'in flight';
    return still(waitsSince)
      ? found(
          'stuck in progress',
          `version ${salesforce.version}, attempt ${salesforce.attempt}, never registered outside${givenUp}`,
        )
      : 'in flight';
  }

  const fields = differences(salesforce, external, rules);
  if (awaited !== null) {
    if (!still(waitsSince)) return 'in flight';
    if (awaited === 'WriteBack') {
      return external.salesforceCaseId === salesforce.id
        ? found(
            'lost acknowledgement',
            `the external record holds the Case id, the confirmation did not arrive${givenUp}`,
          )
        : found('lost write-back', `version ${salesforce.version} waits for its write-back${givenUp}`);
    }
    return found('stuck in progress', `version ${salesforce.version}, attempt ${salesforce.attempt}${givenUp}`, fields);
  }
  if (!still(Math.max(salesforce.modifiedAt, external.updatedAt)))
    return fields.length > 0 || external.syncStatus !== 'Success' ? 'in flight' : 'equal';
  if (fields.length > 0) {
    if (!fitsItsDigest(salesforce, rules.types))
      return found('bypassed trigger', fields.map(({ field }) => field).join(', '), fields);
    if (external.revision !== salesforce.externalRevision) {
      return found(
        'version skew',
        `Salesforce knows revision ${salesforce.externalRevision}, outside it is ${external.revision}`,
        fields,
      );
    }
    return found('field mismatch', fields.map(({ field }) => field).join(', '), fields);
  }
  if (external.salesforceCaseId !== salesforce.id)
    return found('lost write-back', `outside the Case id is ${external.salesforceCaseId ?? 'empty'}`);
  if (external.syncStatus !== 'Success')
    return found('lost acknowledgement', `outside the update-sync-status is ${external.syncStatus}`);
  if (!fitsItsDigest(salesforce, rules.types))
    return found('bypassed trigger', 'the stored digest does not fit the values, which agree');
  return 'equal';
};
