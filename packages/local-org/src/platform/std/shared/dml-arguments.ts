/** The many overloads of Database.insert and its siblings, read by the types of the arguments. */
import type { AccessMode, DmlRequest, PlatformRuntime } from '../../services.ts';
import type { Apex, DmlOperation } from '../../types.ts';
import { ApexList, SObjectFieldToken } from '../../values/index.ts';
import { AccessLevelObject } from '../AccessLevel.ts';
import { present } from './arguments.ts';
import { Bag } from './bag.ts';
import { assignmentRuleOf, duplicateChoiceOf } from './dml-options.ts';
import { dmlResult, type DmlResult, type ResultType } from './dml-result.ts';

/** The AccessLevel among the arguments, if there is one. */
export const accessOf = (args: readonly Apex[]): AccessMode | undefined =>
  args.find((value): value is AccessLevelObject => value instanceof AccessLevelObject)?.mode;

export const allOrNoneOf = (args: readonly Apex[]): boolean => {
  const options = args.find((value): value is Bag => value instanceof Bag);
  if (options) return options.values['OptAllOrNone'] === true;
  return args.find((value) => typeof value === 'boolean') !== false;
};

const requestOf = (operation: DmlOperation, records: Apex[], args: readonly Apex[]): DmlRequest => {
  const request: DmlRequest = { operation, records, allOrNone: allOrNoneOf(args) };
  const access = accessOf(args);
  if (access !== undefined) request.access = access;
  const field = args.find((value): value is SObjectFieldToken => value instanceof SObjectFieldToken);
  if (field) request.externalIdField = field.field;
  const options = args.find((value): value is Bag => value instanceof Bag);
  if (options?.values['AllowFieldTruncation'] === true) request.allowTruncation = true;
  const assignmentRule = assignmentRuleOf(options);
  if (assignmentRule !== undefined) request.assignmentRule = assignmentRule;
  const duplicateChoice = duplicateChoiceOf(options);
  if (duplicateChoice !== undefined) request.duplicateChoice = duplicateChoice;
  return request;
};

/** Runs a DML call; one result for one record, a list for a list. */
export const runDml = (
  $: PlatformRuntime,
  operation: DmlOperation,
  type: ResultType,
  target: Apex,
  args: readonly Apex[],
): DmlResult | ApexList => {
  const list = present(target) instanceof ApexList;
  const records: Apex[] = list ? (target as ApexList).items : [target];
  records.forEach(present);
  const outcomes = records.length === 0 ? [] : $.services.dml(requestOf(operation, records, args));
  const results = outcomes.map((outcome) => dmlResult($, type, outcome));
  return list ? new ApexList(type, results) : results[0]!;
};
