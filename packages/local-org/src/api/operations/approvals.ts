import type { ApprovalRequest } from '../../store/types.ts';
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { isObject, parseJsonObject, type Json, type JsonObject } from '../json-body.ts';
import { statusErrors, transact } from '../records/save.ts';

const ACTIONS = new Set(['Submit', 'Approve', 'Reject', 'Removed']);

/** POST /process/approvals: submits records, and decides on work items (REST API Developer Guide, "Process Approvals"). All or nothing. */
export const processApprovals: Operation = {
  method: 'POST',
  path: '/process/approvals',
  run(call) {
    const { requests } = parseJsonObject(call.body);
    if (!Array.isArray(requests)) throw apiError('JSON_PARSER_ERROR', 'requests must be a list');
    const asked = requests.map(requestOf);
    const outcomes = transact(call, (transaction, undo: (done: ReturnType<typeof transaction.approve>) => never) => {
      const done = transaction.approve(asked, call.access);
      return done.every(({ success }) => success) ? done : undo(done);
    });
    const failed = outcomes.some(({ success }) => !success);
    const body = outcomes.map(({ success, errors, entityId, instanceId, status, newWorkitemIds, actorIds }) => ({
      actorIds,
      entityId,
      errors: success ? null : statusErrors(errors),
      instanceId,
      instanceStatus: status,
      newWorkitemIds,
      success,
    }));
    return { status: failed ? 400 : 200, body };
  },
};

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

function requestOf(request: Json): ApprovalRequest {
  if (!isObject(request)) throw apiError('JSON_PARSER_ERROR', 'a request must be an object');
  const action = textOf(request.actionType) ?? '';
  const contextId = textOf(request.contextId);
  if (!ACTIONS.has(action) || contextId === null)
    throw apiError(
      'INVALID_INPUT',
      'a request needs a contextId and an actionType: Submit, Approve, Reject or Removed',
    );
  const common = { comments: textOf(request.comments), nextApproverIds: idsOf(request) };
  if (action !== 'Submit')
    return { kind: 'workitem', workitemId: contextId, action: action as 'Approve' | 'Reject' | 'Removed', ...common };
  return {
    kind: 'submit',
    recordId: contextId,
    submitterId: textOf(request.contextActorId),
    process: textOf(request.processDefinitionNameOrId),
    skipCriteria: request.skipEntryCriteria === true,
    ...common,
  };
}

const idsOf = ({ nextApproverIds: ids }: JsonObject): string[] =>
  Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
