/** Approval and the types of its namespace. */
import type { ApprovalOutcome, ApprovalRequest, LockOutcome } from '../../store/types.ts';
import type { PlatformRuntime } from '../services.ts';
import type { Apex, NativeFunction, StdFactory } from '../types.ts';
import { ApexList, ApexMap, apexException, SObject } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { Bag, bagGetters, bagProperties, bagSetters } from './shared/bag.ts';
import { databaseError } from './shared/database-error.ts';

const SUBMIT = 'Approval.ProcessSubmitRequest';
const WORKITEM = 'Approval.ProcessWorkitemRequest';
const ACTIONS = new Set(['Approve', 'Reject', 'Removed'] as const);
type Action = 'Approve' | 'Reject' | 'Removed';

const idOf = (target: Apex): string => {
  const id = target instanceof SObject ? target.id : (present(target) as string | null);
  if (id === null) throw apexException('NullPointerException', 'Attempt to de-reference a null object');
  return id;
};

const itemsOf = (target: Apex): Apex[] => (present(target) instanceof ApexList ? (target as ApexList).items : [target]);

/** One result for one target, a list for a list. */
const answers = (target: Apex, type: string, results: Bag[]): Apex =>
  target instanceof ApexList ? new ApexList(type, results) : results[0];

const chosen = ({ values }: Bag): string[] =>
  values['NextApproverIds'] instanceof ApexList ? [...(values['NextApproverIds'].items as string[])] : [];

const requestOf = (request: Bag): ApprovalRequest => {
  const { values } = present(request);
  const common = { comments: values['Comments'] ?? null, nextApproverIds: chosen(request) };
  if (request.apexType === SUBMIT)
    return {
      kind: 'submit',
      recordId: idOf(values['ObjectId'] ?? null),
      submitterId: values['SubmitterId'] ?? null,
      process: values['ProcessDefinitionNameOrId'] ?? null,
      skipCriteria: values['SkipEntryCriteria'] === true,
      ...common,
    };
  const action = values['Action'] as Action;
  if (!ACTIONS.has(action))
    throw apexException('InvalidParameterValueException', `Invalid approval action: ${String(action)}`);
  return { kind: 'workitem', workitemId: idOf(values['WorkitemId'] ?? null), action, ...common };
};

const processResult = ($: PlatformRuntime, outcome: ApprovalOutcome): Bag =>
  new Bag('Approval.ProcessResult', {
    Success: outcome.success,
    Errors: new ApexList(
      'Database.Error',
      outcome.errors.map((error) => databaseError($, error)),
    ),
    EntityId: outcome.entityId,
    InstanceId: outcome.instanceId,
    InstanceStatus: outcome.status,
    NewWorkitemIds: new ApexList('Id', [...outcome.newWorkitemIds]),
    ActorIds: new ApexList('Id', [...outcome.actorIds]),
  });

const lockResult = ($: PlatformRuntime, type: string, { id, errors }: LockOutcome): Bag =>
  new Bag(type, {
    Id: id,
    Success: errors.length === 0,
    Errors: new ApexList(
      'Database.Error',
      errors.map((error) => databaseError($, error)),
    ),
  });

const approval: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  const change =
    (operation: 'lock' | 'unlock', type: string): NativeFunction =>
    (target: Apex, allOrNone: boolean | null = true) => {
      const outcomes = $.services.approvals[operation](itemsOf(target).map(idOf), allOrNone !== false);
      return answers(
        target,
        type,
        outcomes.map((outcome) => lockResult($, type, outcome)),
      );
    };
  return {
    name: 'Approval',
    s: {
      lock: change('lock', 'Approval.LockResult'),
      unlock: change('unlock', 'Approval.UnlockResult'),
      islocked: (target: Apex) => {
        const ids = itemsOf(target).map(idOf);
        const locked = $.services.approvals.locked(ids);
        if (!(target instanceof ApexList)) return locked.size > 0;
        return new ApexMap(
          'Id',
          'Boolean',
          ids.map((id): [Apex, Apex] => [id, locked.has(id)]),
        );
      },
      process: (target: Apex, allOrNone: boolean | null = true) => {
        const outcomes = $.services.approvals.process(itemsOf(target).map(requestOf), allOrNone !== false);
        return answers(
          target,
          'Approval.ProcessResult',
          outcomes.map((outcome) => processResult($, outcome)),
        );
      },
    },
  };
};

const RESULTS: Record<string, Record<string, string>> = {
  'Approval.LockResult': { getId: 'Id', isSuccess: 'Success', getErrors: 'Errors' },
  'Approval.UnlockResult': { getId: 'Id', isSuccess: 'Success', getErrors: 'Errors' },
  'Approval.ProcessResult': {
    getActorIds: 'ActorIds',
    getEntityId: 'EntityId',
    getErrors: 'Errors',
    getInstanceId: 'InstanceId',
    getInstanceStatus: 'InstanceStatus',
    getNewWorkitemIds: 'NewWorkitemIds',
    isSuccess: 'Success',
  },
};

const COMMON = ['Comments', 'NextApproverIds'];
const OWN: Record<string, string[]> = {
  [SUBMIT]: ['ObjectId', 'ProcessDefinitionNameOrId', 'SkipEntryCriteria', 'SubmitterId'],
  [WORKITEM]: ['Action', 'WorkitemId'],
};

const accessors = (properties: readonly string[]): Record<string, NativeFunction> => ({
  ...bagGetters(Object.fromEntries(properties.map((name) => [`get${name}`, name]))),
  ...bagSetters(Object.fromEntries(properties.map((name) => [`set${name}`, name]))),
});

const request =
  (name: string, own: string[]): StdFactory =>
  () => ({ name, create: () => new Bag(name), m: accessors([...own, ...COMMON]), p: bagProperties(...own) });

/** Keyed by lower-cased catalogue name. */
export const approvalTypes: Record<string, StdFactory> = {
  approval,
  'approval.processrequest': () => ({
    name: 'Approval.ProcessRequest',
    m: accessors(COMMON),
    p: bagProperties(...COMMON),
  }),
  ...Object.fromEntries(Object.entries(OWN).map(([name, own]) => [name.toLowerCase(), request(name, own)])),
  ...Object.fromEntries(
    Object.entries(RESULTS).map(([name, getters]): [string, StdFactory] => [
      name.toLowerCase(),
      () => ({ name, m: bagGetters(getters), p: bagProperties(...Object.values(getters)) }),
    ]),
  ),
};
