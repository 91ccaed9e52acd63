/** /composite/tree/Account: records with their children nested in them. */
import type { Row, SaveError, ObjectSchema } from '../../store/types.ts';
import type { Answer, Call, Operation } from '../call.ts';
import { asApiError, apiError } from '../errors.ts';
import { isObject, parseJsonObject, type Json, type JsonObject } from '../json-body.ts';
import type { JsonPath } from '../json-scanner.ts';
import { typeOfRecord } from '../records/collection.ts';
import { rowFromJson } from '../records/row-from-json.ts';
import { statusErrors, transact } from '../records/save.ts';
import type { ApiTransaction } from '../types.ts';
import { objectNamed } from '../validations/record.ts';

interface Failure {
  node: TreeNode;
  errors: SaveError[];
}

/** POST /composite/tree/Account: creates up to 200 records with their children, all or none. */
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

/** REST API Developer Guide, "sObject Tree". */
const MAX_RECORDS = 200;
const MAX_DEPTH = 5;
const MAX_TYPES = 5;

/** The body of POST /composite/tree/Account: records with their children nested in them. */
export interface TreeNode {
  referenceId: string;
  object: ObjectSchema;
  /** The fields alone, without the nested children. */
  fields: JsonObject;
  path: JsonPath;
  parent: { node: TreeNode; field: string } | null;
}

const invalid = (message: string): Error => apiError('INVALID_INPUT', message);

/** The nodes level by level, so that parents come before their children. */
export const treeRequest = (call: Call): TreeNode[][] => {
  const root = objectNamed(call, call.params.type!);
  const { records } = parseJsonObject(call.body);
  let level = nodesOf(call, root, records, ['records'], null);
  const levels: TreeNode[][] = [];
  while (level.length > 0) {
    levels.push(level);
    level = level.flatMap((node) => childrenOf(call, node));
  }
  check(levels);
  return levels;
};

const nodesOf = (
  call: Call,
  object: ObjectSchema,
  records: Json | undefined,
  path: JsonPath,
  parent: TreeNode['parent'],
): TreeNode[] => {
  if (!Array.isArray(records) || !records.every(isObject)) throw invalid(`${path.join('.')} must be a list of records`);
  return records.map((record, index) => {
    const { name } = typeOfRecord(call, record);
    if (name !== object.name)
      throw invalid(`The records of ${path.join('.')} must be of type ${object.name}, found ${name}`);
    const { referenceId } = record.attributes as JsonObject;
    if (typeof referenceId !== 'string') throw invalid('Include a reference ID for each record in the request.');
    return { referenceId, object, fields: record, path: [...path, index], parent };
  });
};

/** Takes the children out of a node's fields. */
const childrenOf = (call: Call, node: TreeNode): TreeNode[] => {
  const fields = { ...node.fields };
  const children = Object.entries(node.fields).flatMap(([key, value]) => {
    const relationship = node.object.childRelationships.get(key.toLowerCase());
    if (!relationship || !isObject(value) || !('records' in value)) return [];
    delete fields[key];
    const object = objectNamed(call, relationship.object);
    return nodesOf(call, object, value.records, [...node.path, key, 'records'], { node, field: relationship.field });
  });
  node.fields = fields;
  return children;
};

const check = (levels: TreeNode[][]): void => {
  const nodes = levels.flat();
  if (nodes.length === 0) throw invalid('records must not be empty');
  if (nodes.length > MAX_RECORDS)
    throw invalid(`At most ${MAX_RECORDS} records are allowed in a tree, found ${nodes.length}`);
  if (levels.length > MAX_DEPTH)
    throw invalid(`At most ${MAX_DEPTH} levels are allowed in a tree, found ${levels.length}`);
  const types = new Set(nodes.map(({ object }) => object.name));
  if (types.size > MAX_TYPES) throw invalid(`At most ${MAX_TYPES} types are allowed in a tree, found ${types.size}`);
};

/** A reference id may be used once: the nodes that repeat one, with the error to answer. */
export const duplicateReferences = (nodes: TreeNode[]): { node: TreeNode; errors: SaveError[] }[] => {
  const counts = Map.groupBy(nodes, ({ referenceId }) => referenceId);
  const errors = [{ code: 'INVALID_INPUT', message: 'Duplicate ReferenceId provided in the request.', fields: [] }];
  return nodes.filter(({ referenceId }) => counts.get(referenceId)!.length > 1).map((node) => ({ node, errors }));
};
