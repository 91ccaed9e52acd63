/** The lines that our Apex REST answers, one for each record. */
import { badAnswer } from '../../../../middle-layer/clients/http-status.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../../shared/shapes.ts';
import type { RecordResult } from './port.ts';

/** What is posted: records by their keys, or ids. */
export type Posted = { records: readonly { key: string }[] } | { ids: readonly string[] };

/** The lines of an answer. Throws TargetUnavailable when it is not one for each record, in order. */
export const linesOf = (path: string, body: Posted, answer: unknown): RecordResult[] => {
  const keys = 'records' in body ? body.records.map(({ key }) => key) : null;
  const count = 'records' in body ? body.records.length : body.ids.length;
  const results = isPlain(answer) ? answer.results : undefined;
  if (
    !isArrayOf(results, isLine) ||
    results.length !== count ||
    (keys && results.some(({ key }, index) => key !== keys[index]))
  ) {
    throw badAnswer(path, 'did not answer one line for each record, in order');
  }
  return results.map(plainResult);
};

/** All of them: the compiler asks for one that is added. */
const OUTCOMES: Record<RecordResult['outcome'], true> = {
  APPLIED: true,
  RECORDED: true,
  CREATED: true,
  IGNORED: true,
  REQUESTED: true,
  REFUSED: true,
  NOT_FOUND: true,
};

const isLine = (line: unknown): line is Partial<RecordResult> & { outcome: RecordResult['outcome'] } =>
  isPlain(line) &&
  isText(line.key) &&
  isText(line.outcome) &&
  Object.hasOwn(OUTCOMES, line.outcome) &&
  isOptional(line.caseId, 'string') &&
  isOptional(line.version, 'number') &&
  isOptional(line.status, 'string') &&
  isOptional(line.writeBack, 'boolean') &&
  isOptional(line.retryable, 'boolean') &&
  isOptional(line.errorCode, 'string') &&
  isOptional(line.message, 'string') &&
  (line.fields == null || isArrayOf(line.fields, isText));

const plainResult = (line: Partial<RecordResult>): RecordResult => ({
  key: line.key ?? '',
  outcome: line.outcome ?? 'REFUSED',
  caseId: line.caseId ?? null,
  version: line.version ?? null,
  status: line.status ?? null,
  revision: line.revision ?? null,
  writeBack: line.writeBack === true,
  retryable: line.retryable === true,
  errorCode: line.errorCode ?? null,
  message: line.message ?? null,
  fields: line.fields ?? [],
});
