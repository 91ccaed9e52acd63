/**
 * Runs approval processes: submission locks the record and asks the approvers of the first step; each decision leads to the next
 * step, or ends the process and opens the lock (Salesforce Help, "Approval Process Terminology"; Apex Reference, Approval).
 */
import { fieldValues } from '../automation/workflow.ts';
import type { FieldUpdateSchema } from '../automation/types.ts';
import type { SaveContext, SaveServices } from '../save/context.ts';
import { saveError, type Entry } from '../save/entry.ts';
import { saveAgain } from '../save/save-again.ts';
import { StoreError } from '../types.ts';
import type {
  ApprovalCaller,
  ApprovalOutcome,
  ApprovalRequest,
  ObjectSchema,
  Row,
  SubmitRequest,
  Value,
  WorkitemRequest,
} from '../types.ts';
import { idsOf, isOneOf, mayDecide, type Around } from './actors.ts';
import { processNamed, processOf } from './processes.ts';
import type { ApprovalProcessSchema, ApprovalStepSchema } from './types.ts';

/** An approval on its way: its record, its process, who asks for what comes next. */
interface Running {
  context: SaveContext;
  object: ObjectSchema;
  recordId: string;
  process: ApprovalProcessSchema;
  instanceId: string;
  around: Around;
}

const STEP_OF_INSTANCE = 'approval-step';

const NOT_THERE = new StoreError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');

/** Carries out one request, all of it or nothing. */
export function approve(services: SaveServices, request: ApprovalRequest, caller: ApprovalCaller): ApprovalOutcome {
  const savepoint = services.transactions.savepoint();
  try {
    const running = request.kind === 'submit' ? submit(services, request, caller) : decide(services, request, caller);
    return outcomeOf(running);
  } catch (error) {
    services.transactions.rollbackTo(savepoint);
    if (!(error instanceof StoreError)) throw error;
    return failed(saveError(error.code, error.message, error.fields));
  } finally {
    services.transactions.release(savepoint);
  }
}

const failed = (error: ApprovalOutcome['errors'][number]): ApprovalOutcome => ({
  success: false,
  errors: [error],
  entityId: null,
  instanceId: null,
  status: null,
  newWorkitemIds: [],
  actorIds: [],
});

function outcomeOf({ context, recordId, instanceId }: Running): ApprovalOutcome {
  const { platformRows } = context;
  const newWorkitemIds = platformRows.ids('ProcessInstanceWorkitem', { ProcessInstanceId: instanceId });
  return {
    success: true,
    errors: [],
    entityId: recordId,
    instanceId,
    status: String(platformRows.value('ProcessInstance', instanceId, 'Status')),
    newWorkitemIds,
    actorIds: newWorkitemIds.map((id) => String(platformRows.value('ProcessInstanceWorkitem', id, 'ActorId'))),
  };
}

function contextOf(services: SaveServices, object: ObjectSchema, { access, triggers }: ApprovalCaller): SaveContext {
  return {
    ...services,
    object,
    shape: services.shapes.of(object),
    operation: 'update',
    request: { access, source: 'apex' },
    triggers,
    moment: Math.floor(services.now() / 1000) * 1000,
  };
}

const entryOf = (row: Row): Entry => ({ input: new Map(), id: row.id, old: row, row, errors: [] });

function submit(services: SaveServices, request: SubmitRequest, caller: ApprovalCaller): Running {
  const object = services.schema.byKeyPrefix.get(request.recordId.slice(0, 3));
  const [row] = object === undefined ? [] : services.records.read(object, [request.recordId]);
  if (object === undefined || row === undefined) throw NOT_THERE;
  const { platformRows, approvalLocks } = services;
  if (platformRows.find('ProcessInstance', { TargetObjectId: row.id, Status: 'Pending' }) !== null)
    throw new StoreError('ALREADY_IN_PROCESS', 'Cannot submit object already in process.');
  const submitterId = request.submitterId ?? caller.access.userId;
  const around: Around = { object, row, submitterId, chosen: request.nextApproverIds };
  const context = contextOf(services, object, caller);
  const process = processFor(context, request, around);
  const instanceId = platformRows.add('ProcessInstance', {
    ProcessDefinitionId: platformRows.find('ProcessDefinition', {
      TableEnumOrId: object.name,
      DeveloperName: process.name,
    }),
    TargetObjectId: row.id,
    Status: 'Pending',
    SubmittedById: submitterId,
    LastActorId: submitterId,
  });
  const running: Running = { context, object, recordId: row.id!, process, instanceId, around };
  addStep(running, 'Started', submitterId, submitterId, request.comments);
  approvalLocks.lock(row.id!, instanceId);
  update(running, process.onSubmission);
  enter(running, 0);
  return running;
}

/** The process that is asked for, or the first active one whose criteria the record meets. */
function processFor(context: SaveContext, request: SubmitRequest, around: Around): ApprovalProcessSchema {
  const { object } = around;
  const asked = request.process === null ? null : processNamed(context, object, request.process);
  const candidates = request.process === null ? (object.approvalProcesses ?? []) : asked === null ? [] : [asked];
  const found = candidates.find(
    (process) =>
      process.active &&
      isOneOf(context, around.submitterId, process.submitters, around) &&
      ((asked !== null && request.skipCriteria) || meets(context, around.row, process.criteria, process.name)),
  );
  if (found === undefined) throw new StoreError('NO_APPLICABLE_PROCESS', 'No applicable approval process was found.');
  return found;
}

const meets = (context: SaveContext, row: Row, criteria: ApprovalProcessSchema['criteria'], name: string): boolean =>
  context.rules.meets(context, entryOf(row), criteria, `approval process ${name}`);

function decide(services: SaveServices, request: WorkitemRequest, caller: ApprovalCaller): Running {
  const { userId } = caller.access;
  const running = runningOf(services, request, caller);
  const { process, object } = running;
  const isAdmin = services.permissions.object(userId, object.name, 'modifyAll');
  const allowed =
    request.action === 'Removed'
      ? isAdmin || (process.allowRecall && userId === running.around.submitterId)
      : isAdmin || mayDecide(services, userId, request.workitemId);
  if (!allowed)
    throw new StoreError(
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
      'insufficient access rights on cross-reference id',
    );
  answer(running, request, userId);
  return running;
}

function runningOf(services: SaveServices, request: WorkitemRequest, caller: ApprovalCaller): Running {
  const { platformRows, schema, records } = services;
  const instanceId = platformRows.value('ProcessInstanceWorkitem', request.workitemId, 'ProcessInstanceId');
  const process = typeof instanceId === 'string' ? processOf(services, instanceId) : null;
  if (typeof instanceId !== 'string' || process === null) throw NOT_THERE;
  const recordId = String(platformRows.value('ProcessInstance', instanceId, 'TargetObjectId'));
  const object = schema.byKeyPrefix.get(recordId.slice(0, 3))!;
  const [row] = records.read(object, [recordId]);
  if (row === undefined) throw NOT_THERE;
  const submitterId = String(platformRows.value('ProcessInstance', instanceId, 'SubmittedById'));
  const around: Around = { object, row, submitterId, chosen: request.nextApproverIds };
  return { context: contextOf(services, object, caller), object, recordId, process, instanceId, around };
}

/** Notes a decision, and goes where it leads. */
function answer(running: Running, { action, workitemId, comments }: WorkitemRequest, userId: string): void {
  const { context, instanceId, process } = running;
  const { platformRows } = context;
  const index = Number(context.state.get(STEP_OF_INSTANCE, instanceId) ?? 0);
  const step = process.steps[index];
  const original = String(platformRows.value('ProcessInstanceWorkitem', workitemId, 'OriginalActorId'));
  const status = action === 'Approve' ? 'Approved' : action === 'Reject' ? 'Rejected' : 'Removed';
  addStep(running, status, userId, original, comments);
  platformRows.remove('ProcessInstanceWorkitem', workitemId);
  platformRows.write({ object: 'ProcessInstance', id: instanceId, values: new Map([['LastActorId', userId]]) });
  const open = platformRows.ids('ProcessInstanceWorkitem', { ProcessInstanceId: instanceId });
  if (action === 'Approve' && step?.unanimous === true && open.length > 0) return;
  for (const id of open) {
    const actor = String(platformRows.value('ProcessInstanceWorkitem', id, 'ActorId'));
    if (action !== 'Removed') addStep(running, 'NoResponse', actor, actor, null);
    platformRows.remove('ProcessInstanceWorkitem', id);
  }
  goOn(running, action, step, index);
}

function goOn(
  running: Running,
  action: WorkitemRequest['action'],
  step: ApprovalStepSchema | undefined,
  index: number,
): void {
  if (action === 'Removed') return finish(running, 'Removed');
  if (action === 'Approve') {
    update(running, step?.onApproval ?? []);
    return enter(running, index + 1);
  }
  update(running, step?.onRejection ?? []);
  if (step?.goesBack === true && index > 0) return ask(running, running.process.steps[index - 1]!, index - 1);
  finish(running, 'Rejected');
}

/** Goes to the first step from `index` on whose criteria the record meets; behind the last, all is approved. */
function enter(running: Running, index: number): void {
  const { context, object, recordId, process } = running;
  for (let at = index; at < process.steps.length; at++) {
    const step = process.steps[at]!;
    const [row] = context.records.read(object, [recordId]);
    if (meets(context, row!, step.criteria, `${process.name}, step ${step.name}`)) return ask(running, step, at);
    if (step.otherwise === 'approve') break;
    if (step.otherwise === 'reject') return finish(running, 'Rejected');
  }
  finish(running, 'Approved');
}

function ask(running: Running, step: ApprovalStepSchema, index: number): void {
  const { context, instanceId, object, recordId } = running;
  const [row] = context.records.read(object, [recordId]);
  const around = { ...running.around, row: row! };
  const actors = new Set(step.approvers.flatMap((person) => idsOf(context, person, around)));
  if (actors.size === 0) throw noApprover(step);
  for (const actor of actors)
    context.platformRows.add('ProcessInstanceWorkitem', {
      ProcessInstanceId: instanceId,
      OriginalActorId: actor,
      ActorId: actor,
    });
  context.state.put(STEP_OF_INSTANCE, instanceId, String(index));
}

function noApprover({ approvers, name }: ApprovalStepSchema): StoreError {
  if (approvers.some(({ kind }) => kind === 'chosen'))
    return new StoreError('REQUIRED_FIELD_MISSING', 'missing required field: [nextApproverIds]', ['nextApproverIds']);
  if (approvers.some(({ kind }) => kind === 'hierarchy'))
    return new StoreError('MANAGER_NOT_DEFINED', 'Manager undefined.');
  return new StoreError('NO_APPLICABLE_PROCESS', `nobody is there to approve step ${name}`);
}

function finish(running: Running, status: 'Approved' | 'Rejected' | 'Removed'): void {
  const { context, process, instanceId, recordId } = running;
  const { onApproval, onRejection, onRecall, locksApproved, locksRejected } = process;
  update(running, { Approved: onApproval, Rejected: onRejection, Removed: onRecall }[status]);
  const stays = { Approved: locksApproved, Rejected: locksRejected, Removed: false }[status];
  if (stays) context.approvalLocks.lock(recordId, null);
  else context.approvalLocks.unlock(recordId);
  context.platformRows.write({
    object: 'ProcessInstance',
    id: instanceId,
    values: new Map<string, Value>([
      ['Status', status],
      ['CompletedDate', context.moment],
    ]),
  });
  context.state.delete(STEP_OF_INSTANCE, instanceId);
}

/** Field updates save the record as the user who acts, whatever locks it. */
function update({ context, object, recordId }: Running, updates: readonly FieldUpdateSchema[]): void {
  if (updates.length === 0) return;
  const [row] = context.records.read(object, [recordId]);
  const entry = entryOf(row!);
  const values = fieldValues(context, entry, updates);
  if (values.size > 0) saveAgain(context, [{ entry, before: row!, values }]);
  const [error] = entry.errors;
  if (error !== undefined) throw new StoreError(error.code, error.message, error.fields);
}

function addStep(
  { context, instanceId }: Running,
  status: string,
  actor: string,
  original: string,
  comments: string | null,
): void {
  context.platformRows.add('ProcessInstanceStep', {
    ProcessInstanceId: instanceId,
    StepStatus: status,
    ActorId: actor,
    OriginalActorId: original,
    Comments: comments,
  });
}
