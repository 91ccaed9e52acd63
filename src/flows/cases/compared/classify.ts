import { canonicalValue, contentOf, type ContentType } from '../../../shared/digest/content.ts';
import { elementOf } from '../../../shared/digest/element.ts';
import type { Finding, Gone } from '../../../reconciliation/compared-object.ts';
import { isAtRest, type Rules } from '../../../reconciliation/find/at-rest.ts';
import type { Discrepancy, FieldDifference } from '../../../reconciliation/types.ts';
import { awaitedBy, type CaseKind, type CaseState, type RegistryState } from './types.ts';

const differences = (salesforce: CaseState, external: RegistryState, { owners, types }: Rules): FieldDifference[] =>
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

const fitsItsDigest = ({ key, values, digest }: CaseState, types: Record<string, ContentType>): boolean =>
  digest !== null && digest.d === elementOf(key, contentOf(values, types)).d;

/** What one key's state on both sides amounts to. `gone`: what Salesforce wrote down of a Case that it has no more. */
export const classify = (
  salesforce: CaseState | null,
  external: RegistryState | null,
  gone: Gone | null,
  rules: Rules,
): Finding<CaseKind> => {
  const found = (kind: CaseKind, detail: string, fields: FieldDifference[] = []): Discrepancy<CaseKind> => ({
    kind,
    key: (salesforce ?? external)!.key,
    recordId: salesforce?.id ?? external?.salesforceCaseId ?? null,
    externalId: external?.externalId ?? salesforce?.externalId ?? null,
    fields,
    detail,
  });
  const still = (at: number): boolean => isAtRest(at, rules);

  if (!salesforce && !external) return 'equal';
  if (!salesforce) {
    if (external!.deleted || external!.putAway || gone === 'put away') return 'equal';
    if (gone === 'deleted' || external!.deletedInSalesforce)
      return found('orphaned by deletion', 'the Case was deleted, the external record stays');
    return still(external!.updatedAt)
      ? found('missing in Salesforce', `the external record rests at revision ${external!.revision}`)
      : 'in flight';
  }
  if (salesforce.status === null) {
    if (!external || external.deleted || external.putAway || !still(salesforce.modifiedAt)) return 'equal';
    return found('orphaned by deletion', 'the Case left the scope of the sync, the external record does not know it');
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
  if (external.deletedInSalesforce)
    return still(salesforce.modifiedAt)
      ? found('orphaned by deletion', 'the external system was told that the Case is gone, and it is there')
      : 'in flight';
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
