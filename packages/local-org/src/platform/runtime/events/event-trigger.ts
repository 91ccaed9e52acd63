import type { PublishedEvent, Schema } from '../../../store/types.ts';
import { ApexDatetime, ApexList, SObject } from '../../values/index.ts';
import type { LoadedModule } from '../program.ts';
import { toApex } from '../records.ts';
import type { RuntimeView } from '../view.ts';
import { NO_TRIGGER } from '../trigger-host.ts';

/** Published events as the records of Trigger.new. */
export const eventRecords = (schema: Schema, events: readonly PublishedEvent[]): SObject[] =>
  events.map((event) => {
    const object = schema.objects.get(event.object.toLowerCase());
    const record = new SObject(object?.name ?? event.object);
    for (const [name, value] of Object.entries(event.values)) {
      const field = object?.fields.get(name.toLowerCase());
      record.load(name, toApex(value, field?.type ?? 'anyType', field?.scale));
    }
    record.load('ReplayId', String(event.replayId));
    record.load('EventUuid', event.uuid);
    record.load('CreatedDate', new ApexDatetime(event.createdAt));
    record.load('CreatedById', event.createdById);
    record.readOnly = true;
    return record;
  });

/** Runs one event trigger, in system mode. */
export const runEventTrigger = ($: RuntimeView, trigger: LoadedModule, object: string, records: SObject[]): void => {
  const list = new ApexList(object, records);
  list.readOnly = true;
  const outer = $.trigger;
  $.trigger = {
    ...NO_TRIGGER,
    new: list,
    isAfter: true,
    isInsert: true,
    isExecuting: true,
    size: records.length,
    operationType: $.enumConstant('TriggerOperation', 'AFTER_INSERT'),
  };
  try {
    $.transaction.as($.transaction.userId, false, () => $.runTrigger(trigger));
  } finally {
    $.trigger = outer;
  }
};
