/** Runs Apex triggers for the store. */
import type { TriggerEventName } from '../../compiler/types.ts';
import type { SaveError, TriggerCall, TriggerHost } from '../../store/types.ts';
import type { Apex, TriggerContext } from '../types.ts';
import type { ApexException, SObject } from '../values/index.ts';
import { ApexList, ApexMap } from '../values/index.ts';
import type { RuntimeView } from './view.ts';
import { LimitExceeded } from './governor.ts';
import { TRIGGER_DEPTH } from './limits.ts';
import { fromRow, writeBack } from './records.ts';
import { describeUncaught } from './uncaught.ts';

/** The Trigger variables outside a trigger. */
export const NO_TRIGGER: TriggerContext = {
  new: null,
  old: null,
  newMap: null,
  oldMap: null,
  isBefore: false,
  isAfter: false,
  isInsert: false,
  isUpdate: false,
  isDelete: false,
  isUndelete: false,
  isExecuting: false,
  size: 0,
  operationType: null,
};

export const triggerHost = ($: RuntimeView): TriggerHost => {
  const { transaction } = $;
  const { program, store } = transaction.org;

  const fire = (call: TriggerCall): SaveError[][] => {
    if (transaction.triggerDepth >= TRIGGER_DEPTH) throw new LimitExceeded('Maximum trigger depth exceeded');
    const newRecords = call.newRows?.map((row) => fromRow(store.schema, row)) ?? null;
    const oldRecords = call.oldRows?.map((row) => fromRow(store.schema, row)) ?? null;
    for (const record of [...(newRecords ?? []), ...(oldRecords ?? [])]) record.ofTrigger = true;
    for (const record of oldRecords ?? []) record.readOnly = true;
    if (call.timing === 'after') for (const record of newRecords ?? []) record.readOnly = true;

    const context = triggerContext($, call, newRecords, oldRecords);
    const outer = $.trigger;
    $.trigger = context;
    transaction.triggerDepth++;
    let running = '';
    try {
      // Triggers run in system mode and without sharing, whoever saves and whatever class does.
      transaction.as(transaction.userId, false, () => {
        for (const trigger of program.triggers(call.object, eventName(call))) {
          running = trigger.module.name;
          transaction.heap.apart(() => $.runTrigger(trigger));
        }
      });
    } catch (error) {
      const exception = $.asApexException(error);
      if (exception === null || !exception.catchable) throw error;
      const failure = triggerFailure($, running, call, exception);
      return Array.from({ length: context.size }, () => [failure]);
    } finally {
      transaction.triggerDepth--;
      $.trigger = outer;
    }
    if (call.timing === 'before' && newRecords) newRecords.forEach((record, i) => writeBack(record, call.newRows![i]!));
    return (newRecords ?? oldRecords ?? []).map(recordErrors);
  };

  return {
    hasTriggers: (object, timing, operation) =>
      program.triggers(object, `${timing} ${operation}` as TriggerEventName).length > 0,
    fire,
    spend: (steps) => $.spend(steps),
    charge: (limit, amount) => transaction.unit.governor.count(limit, amount),
  };
};

const eventName = (call: TriggerCall): TriggerEventName => `${call.timing} ${call.operation}` as TriggerEventName;

const triggerContext = (
  $: RuntimeView,
  call: TriggerCall,
  newRecords: SObject[] | null,
  oldRecords: SObject[] | null,
): TriggerContext => {
  const { timing, operation } = call;
  const mapped = (records: SObject[] | null): Apex =>
    records === null || records.some((record) => record.id === null) ? null : recordMap(call.object, records);
  return {
    new: newRecords && recordList(call.object, newRecords),
    old: oldRecords && recordList(call.object, oldRecords),
    newMap: mapped(newRecords),
    oldMap: mapped(oldRecords),
    isBefore: timing === 'before',
    isAfter: timing === 'after',
    isInsert: operation === 'insert',
    isUpdate: operation === 'update',
    isDelete: operation === 'delete',
    isUndelete: operation === 'undelete',
    isExecuting: true,
    size: (newRecords ?? oldRecords ?? []).length,
    operationType: $.enumConstant('TriggerOperation', `${timing}_${operation}`.toUpperCase()),
  };
};

const recordList = (object: string, records: SObject[]): ApexList => {
  const list = new ApexList(object, records);
  list.readOnly = true;
  return list;
};

const recordMap = (object: string, records: SObject[]): ApexMap => {
  const map = new ApexMap(
    'Id',
    object,
    records.map((record) => [record.id, record] as const),
  );
  map.readOnly = true;
  return map;
};

const recordErrors = (record: SObject): SaveError[] =>
  record.errors.map(({ message, field }) => ({
    code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    message,
    fields: field === null ? [] : [field],
  }));

/** `CaseTrigger: execution of BeforeInsert`, its cause and where it happened: how a save reports a trigger that threw. */
const triggerFailure = ($: RuntimeView, trigger: string, call: TriggerCall, exception: ApexException): SaveError => {
  const { text, stack } = describeUncaught($.transaction.org.program, exception);
  const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
  const event = capital(call.timing) + capital(call.operation);
  return {
    code: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    message: `${trigger}: execution of ${event}\n\ncaused by: ${text}\n\n${stack}`,
    fields: [],
  };
};
