/** POST /composite/tree/Account: creates up to 200 records with their children, all or none. */
import type { Row, SaveError } from '../../store/types.ts';
import type { ApiTransaction } from '../types.ts';
import type { Answer, Call, Operation } from '../call.ts';
import { asApiError } from '../errors.ts';
import { rowFromJson } from '../records/row-from-json.ts';
import { statusErrors } from '../records/save-body.ts';
import { transact } from '../records/transact.ts';
import { duplicateReferences, treeRequest, type TreeNode } from '../validations/tree-request.ts';

interface Failure {
  node: TreeNode;
  errors: SaveError[];
}

export const createTree: Operation = {
  method: 'POST',
  path: '/composite/tree/:type',
  run(call) {
    const levels = treeRequest(call);
    const duplicates = duplicateReferences(levels.flat());
    if (duplicates.length > 0) return refused(duplicates);
    const ids = new Map<TreeNode, string>();
    const failures = transact(call, (transaction, undo: (outcome: Failure[]) => never) => {
      for (const level of levels) {
        const failed = saveLevel(call, transaction, level, ids);
        if (failed.length > 0) return undo(failed);
      }
      return [];
    });
    if (failures.length > 0) return refused(failures);
    const results = levels.flat().map((node) => ({ referenceId: node.referenceId, id: ids.get(node) }));
    return { status: 201, body: { hasErrors: false, results } };
  },
};

const refused = (failures: Failure[]): Answer => ({
  status: 400,
  body: {
    hasErrors: true,
    results: failures.map(({ node, errors }) => ({ referenceId: node.referenceId, errors: statusErrors(errors) })),
  },
});

/** Saves the records of one level, type by type. */
const saveLevel = (
  call: Call,
  transaction: ApiTransaction,
  level: TreeNode[],
  ids: Map<TreeNode, string>,
): Failure[] => {
  const failures: Failure[] = [];
  for (const nodes of Map.groupBy(level, ({ object }) => object.name).values()) {
    const rows = new Map<TreeNode, Row>();
    for (const node of nodes) {
      const row = readNode(call, node, ids);
      if (Array.isArray(row)) failures.push({ node, errors: row });
      else rows.set(node, row);
    }
    if (failures.length > 0) continue;
    const results = transaction.save({
      operation: 'insert',
      rows: [...rows.values()],
      allOrNone: true,
      access: call.access,
      source: 'api',
    });
    nodes.forEach((node, index) => {
      const { success, id, errors } = results[index]!;
      if (success) ids.set(node, id!);
      else if (!errors.every(({ code }) => code === 'ALL_OR_NONE_OPERATION_ROLLED_BACK'))
        failures.push({ node, errors });
    });
  }
  return failures;
};

const readNode = (call: Call, node: TreeNode, ids: Map<TreeNode, string>): Row | SaveError[] => {
  try {
    const row = rowFromJson(call, node.object, null, { record: node.fields, text: call.body, path: node.path });
    if (node.parent) row.values.set(node.parent.field, ids.get(node.parent.node)!);
    return row;
  } catch (error) {
    const known = asApiError(error);
    if (!known) throw error;
    return known.errors.map(({ errorCode, message, fields = [] }) => ({ code: errorCode, message, fields }));
  }
};
