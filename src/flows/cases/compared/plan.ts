import type { Scalar } from '../../../shared/case-messages.ts';
import type { PlanOptions } from '../../../reconciliation/compared-object.ts';
import type { Discrepancy, RepairStep } from '../../../reconciliation/types.ts';
import { KINDS } from './kinds.ts';
import type { CaseKind, CaseState, RegistryState } from './types.ts';

/** What is done about one Case or its record. */
export type CaseStep = RepairStep &
  (
    | {
        do: 'trigger outside';
        key: string;
        externalId: string;
        /** The Case that the record stands for is lost for good: another one is made. */
        forgetCaseId?: string;
      }
    | {
        do: 'request again';
        key: string;
        caseId: string;
        /** As compared: a Case that has moved on since is not asked for. */
        version: number;
        attempt: number;
      }
    | {
        do: 'carry by owner';
        key: string;
        externalId: string;
        /** Fields that Salesforce owns, as it holds them: they go out. Everything else comes in with the new revision. */
        values: Record<string, Scalar>;
        /** The repair is off when the record has moved on since it was compared. */
        ifRevision: number;
        /** The newest revision that Salesforce holds: the new one is above it, or it would pass for an old one. */
        seenRevision: number | null;
        /** What each differing field was on the side where its owner's value replaces it, so that the repair can be undone. */
        before: Record<string, Scalar>;
      }
  );

/**
 * What repairs a discrepancy, or null when a person must decide. Truth flows from each field's owner;
 * a Case with a pending change is requested again and never overwritten.
 */
export const planRepair = (
  discrepancy: Discrepancy<CaseKind>,
  salesforce: CaseState | null,
  external: RegistryState | null,
  { makesAgain }: PlanOptions = { makesAgain: false },
): CaseStep | null => {
  const { key, kind } = discrepancy;
  if (kind === 'orphaned by deletion')
    return makesAgain && external?.deletedInSalesforce ? requested(salesforce) : null;
  switch (KINDS[kind].repair) {
    case 'none':
      return null;
    case 'request again':
      return requested(salesforce);
    case 'trigger outside':
      return external && triggered(salesforce, external, makesAgain);
    case 'carry by owner': {
      if (!external || !salesforce || salesforce.pending !== null) return null;
      const ours = discrepancy.fields.filter(({ owner }) => owner === 'Salesforce');
      return {
        do: 'carry by owner',
        key,
        externalId: external.externalId,
        values: Object.fromEntries(ours.map((difference) => [difference.field, difference.salesforce])),
        ifRevision: external.revision,
        seenRevision: salesforce.externalRevision,
        before: Object.fromEntries(
          discrepancy.fields.map(({ field, owner, ...on }) => [
            field,
            owner === 'Salesforce' ? on.external : on.salesforce,
          ]),
        ),
      };
    }
  }
};

const requested = (salesforce: CaseState | null): CaseStep | null => {
  if (!salesforce) return null;
  const { key, id: caseId, version, attempt } = salesforce;
  return { do: 'request again', key, caseId, version, attempt };
};

/** A record that holds the id of a Case which is gone makes no other one by itself: who lost it, a person knows. */
const triggered = (salesforce: CaseState | null, external: RegistryState, makesAgain: boolean): CaseStep | null => {
  const { key, externalId, salesforceCaseId } = external;
  const step: CaseStep = { do: 'trigger outside', key, externalId };
  if (salesforce !== null || salesforceCaseId === null) return step;
  return makesAgain ? { ...step, forgetCaseId: salesforceCaseId } : null;
};
