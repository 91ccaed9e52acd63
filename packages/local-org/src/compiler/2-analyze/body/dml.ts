import type { DmlStatement, MergeStatement, Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { isList, isPrimitive, isRecord, type Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { analyzeExpression } from './expression.ts';
import { object, runtime, text } from './make.ts';
import { at } from './statements.ts';

/** `{mode: 'user', externalIdField: 'Key__c'}` or nothing. */
function options(b: Body, place: Position, entries: [string, string | null][]): ir.Expression[] {
  const given = entries.filter((entry): entry is [string, string] => entry[1] !== null);
  if (given.length === 0) return [];
  return [
    object(
      b,
      place,
      given.map(([name, value]) => ({ name, value: text(b, place, value) })),
    ),
  ];
}

const isRecords = (type: Type): boolean =>
  type.kind === 'error' || isRecord(type) || (isList(type) && isRecord(type.args[0]!));

function isIds(s: DmlStatement, type: Type): boolean {
  if (s.operation !== 'delete' && s.operation !== 'undelete') return false;
  return isPrimitive(isList(type) ? type.args[0]! : type, 'id');
}

function externalIdField(b: Body, s: DmlStatement, type: Type): string | null {
  if (s.externalId === null) return null;
  const { object } = isList(type) ? type.args[0]! : type;
  const name = s.externalId.at(-1)!;
  if (object === null) return name;
  const field = object.fields[name.toLowerCase()];
  if (field === undefined) b.report(s, 'EXTERNAL_ID', s.externalId.join('.'));
  return field?.name ?? name;
}

export function analyzeDml(b: Body, s: DmlStatement): ir.Statement[] {
  const records = analyzeExpression(b, s.records);
  if (!isRecords(records.type) && !isIds(s, records.type)) b.report(s, 'DML_TYPE', records.type.ref);
  const more = options(b, s, [
    ['mode', s.access],
    ['externalIdField', externalIdField(b, s, records.type)],
  ]);
  const call = runtime(s, b.types.void, 'dml', text(b, s, s.operation), records, ...more);
  return [{ kind: 'evaluate', ...at(s), expression: call }];
}

export function analyzeMerge(b: Body, s: MergeStatement): ir.Statement[] {
  const master = analyzeExpression(b, s.master);
  const duplicates = analyzeExpression(b, s.duplicates);
  const element = isList(duplicates.type) ? duplicates.type.args[0]! : duplicates.type;
  const fits = element.kind === 'error' || isPrimitive(element, 'id') || (isRecord(element) && isRecord(master.type));
  if (!fits || (master.type.kind !== 'error' && !isRecord(master.type))) b.report(s, 'MERGE_TYPE');
  const call = runtime(s, b.types.void, 'merge', master, duplicates, ...options(b, s, [['mode', s.access]]));
  return [{ kind: 'evaluate', ...at(s), expression: call }];
}
