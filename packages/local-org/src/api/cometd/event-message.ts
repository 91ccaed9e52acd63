/** A published event as subscribers receive it. */
import { createHash } from 'node:crypto';
import type { FieldSchema, ObjectSchema, PublishedEvent, Value } from '../../store/types.ts';
import { valueToJson } from '../records/value-to-json.ts';
import type { Reply } from './message.ts';

const SCHEMA_ID_LENGTH = 22;

/** Changes with the event's fields, like the id of its Avro schema. */
const schemaId = (object: ObjectSchema): string => {
  const fields = [...object.fields.values()].map(({ name, type }) => `${name}:${type}`).sort();
  return createHash('sha256').update(`${object.name} ${fields.join()}`).digest('base64url').slice(0, SCHEMA_ID_LENGTH);
};

/** Times in event payloads end in Z, unlike those of the REST API. */
const payloadValue = ({ type }: FieldSchema, value: Value | undefined): Value =>
  type === 'datetime' && typeof value === 'number' ? new Date(value).toISOString() : valueToJson(value ?? null, type);

export const eventMessage = (channel: string, object: ObjectSchema, event: PublishedEvent): Reply => {
  const custom = [...object.fields.values()].filter((field) => field.custom);
  return {
    channel,
    data: {
      schema: schemaId(object),
      payload: {
        CreatedDate: new Date(event.createdAt).toISOString(),
        CreatedById: event.createdById,
        ...Object.fromEntries(custom.map((field) => [field.name, payloadValue(field, event.values[field.name])])),
      },
      event: { EventUuid: event.uuid, replayId: event.replayId, EventApiName: object.name },
    },
  };
};
