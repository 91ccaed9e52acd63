/** Rows that tell of an org's rules, as its APIs list them, and whether whom the rules name is there. */
import { ownersIn } from '../automation/assignment.ts';
import type { OwnerName } from '../automation/types.ts';
import type { PlatformRows } from '../records/platform-rows.ts';
import type { ObjectSchema, Schema, Value } from '../types.ts';

type Values = Record<string, Value>;

/** A rule whose metadata is gone has no row any more. */
export function writeAutomation(rows: PlatformRows, schema: Schema): void {
  const objects = [...schema.objects.values()];
  const write = (target: string, all: { key: Values; values: Values }[]): void =>
    rows.keepOnly(
      target,
      all.map(({ key, values }) => rows.ensure(target, key, values)),
    );
  write('AssignmentRule', objects.flatMap(assignmentRules));
  write('ValidationRule', objects.flatMap(validationRules));
  write('WorkflowRule', objects.flatMap(workflowRules));
  write('DuplicateRule', objects.flatMap(duplicateRules));
  write('ProcessDefinition', objects.flatMap(approvalProcesses));
  writeFlows(rows, schema);
}

const assignmentRules = (object: ObjectSchema): { key: Values; values: Values }[] =>
  (object.assignmentRules ?? []).map(({ name, active }) => ({
    key: { SobjectType: object.name, Name: name },
    values: { Active: active },
  }));

/** A standard object is its own definition; a custom one has an id, for which its name stands here. */
const validationRules = (object: ObjectSchema): { key: Values; values: Values }[] =>
  object.validationRules.map(({ name, active, message, errorField = null, formula, description = null }) => ({
    key: { EntityDefinitionId: object.name, ValidationName: name },
    values: {
      Active: active,
      Description: description,
      ErrorDisplayField: errorField,
      ErrorMessage: message,
      Metadata: JSON.stringify({
        active,
        description,
        errorConditionFormula: formula,
        errorDisplayField: errorField,
        errorMessage: message,
      }),
    },
  }));

const workflowRules = (object: ObjectSchema): { key: Values; values: Values }[] =>
  (object.workflowRules ?? []).map(({ name, active, description, criteria }) => ({
    key: { TableEnumOrId: object.name, Name: name },
    values: {
      Metadata: JSON.stringify({ active, description, formula: criteria.kind === 'formula' ? criteria.formula : null }),
    },
  }));

const duplicateRules = (object: ObjectSchema): { key: Values; values: Values }[] =>
  (object.duplicateRules ?? []).map(({ name, label, active }) => ({
    key: { SobjectType: object.name, DeveloperName: name },
    values: { MasterLabel: label, IsActive: active, Language: 'en_US', SobjectSubtype: 'None' },
  }));

const approvalProcesses = (object: ObjectSchema): { key: Values; values: Values }[] =>
  (object.approvalProcesses ?? []).map(({ name, label, description, active, approverEdits }) => ({
    key: { TableEnumOrId: object.name, DeveloperName: name },
    values: {
      Name: label,
      Type: 'Approval',
      Description: description,
      LockType: approverEdits ? 'Workitem' : 'Admin',
      State: active ? 'Active' : 'Inactive',
    },
  }));

/** A flow has one version here, its file; what deployments replaced is not kept. */
function writeFlows(rows: PlatformRows, schema: Schema): void {
  const kept = (schema.flows ?? []).map((flow) => {
    const { name, label, description, status, processType, trigger } = flow;
    const shown = { MasterLabel: label, Description: description, ProcessType: processType, Status: status };
    const known = rows.find('FlowDefinitionView', { ApiName: name });
    const version = known === null ? null : rows.value('FlowDefinitionView', known, 'LatestVersionId');
    const metadata = JSON.stringify({ description, label, processType, status });
    const values: Values = { ...shown, VersionNumber: 1, Metadata: metadata };
    const id = typeof version === 'string' ? rows.ensure('Flow', { Id: version }, values) : rows.add('Flow', values);
    const active = status === 'Active';
    const object = schema.objects.get(trigger?.object.toLowerCase() ?? '');
    const view = rows.ensure(
      'FlowDefinitionView',
      { ApiName: name },
      {
        DurableId: name,
        Label: label,
        Description: description,
        ProcessType: processType,
        TriggerType: trigger?.triggerType ?? null,
        RecordTriggerType: trigger?.recordTriggerType || null,
        TriggerObjectOrEventId: object?.name ?? null,
        TriggerObjectOrEventLabel: object?.label ?? null,
        TriggerOrder: trigger?.order ?? null,
        ActiveVersionId: active ? id : null,
        LatestVersionId: id,
        IsActive: active,
        VersionNumber: 1,
      },
    );
    return { id, view };
  });
  rows.keepOnly(
    'Flow',
    kept.map(({ id }) => id),
  );
  rows.keepOnly(
    'FlowDefinitionView',
    kept.map(({ view }) => view),
  );
}

/** What is wrong with the owners that an object's rules name: users and queues must be there, and a queue must take the object. */
export function ownerProblems(rows: PlatformRows, object: ObjectSchema): string[] {
  return ownersIn(object).flatMap((owner) => ownerProblem(rows, object, owner) ?? []);
}

function ownerProblem(rows: PlatformRows, object: ObjectSchema, { type, name }: OwnerName): string | null {
  if (type === 'User') return rows.find('User', { Username: name }) === null ? `no User named ${name} found` : null;
  const queue = rows.find('Group', { DeveloperName: name, Type: 'Queue' });
  if (queue === null) return `no Queue named ${name} found`;
  const takes = rows.find('QueueSobject', { QueueId: queue, SobjectType: object.name });
  return takes === null ? `the queue ${name} does not take ${object.labelPlural}` : null;
}
