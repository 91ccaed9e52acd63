/** /meta/subscribe: from now on, from all that is retained, or from an event on. */
import type { ObjectSchema } from '../../store/types.ts';
import { asText, type Json } from '../json-body.ts';
import type { ApiDeps } from '../types.ts';
import type { Client } from './clients.ts';
import { failure, success, type Message, type Reply } from './message.ts';

/** Streaming API Developer Guide, "Message Durability". */
const NEW_EVENTS = -1;
const ALL_RETAINED = -2;
const EVENT_CHANNEL = /^\/event\/(\w+__e)$/i;

export const subscribe = (deps: ApiDeps, client: Client, message: Message): Reply[] => {
  const channels = [message.subscription ?? []].flat();
  if (channels.length === 0) return [failure(message, '403::subscription_missing')];
  return channels.map((channel) => {
    const object = eventOf(deps, client, channel);
    if (!object) {
      return failure(message, `403:denied_by_security_policy:create_denied`, {
        subscription: channel,
        ext: { sfdc: { failureReason: `403::No platform event ${channel} that you may subscribe to` } },
      });
    }
    const replay = message.ext?.replay?.[channel] ?? NEW_EVENTS;
    const after = startOf(deps, replay);
    if (after === null) {
      return failure(
        message,
        `400::The replayId {${asText(replay)}} you provided was invalid. Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`,
        { subscription: channel },
      );
    }
    client.subscriptions.set(channel, { object: object.name, after });
    return success(message, { subscription: channel });
  });
};

/** The event behind a channel, if the user may read it. */
const eventOf = ({ store }: ApiDeps, { userId }: Client, channel: string): ObjectSchema | null => {
  const object = store.schema.objects.get(EVENT_CHANNEL.exec(channel)?.[1]?.toLowerCase() ?? '');
  return object?.kind === 'platformEvent' && store.permissions.object(userId, object.name, 'read') ? object : null;
};

/** The replay id after which events are delivered; null when the one asked for is no longer, or not yet, retained. */
const startOf = ({ store: { events } }: ApiDeps, replay: Json): number | null => {
  if (replay === NEW_EVENTS) return events.newest();
  if (replay === ALL_RETAINED) return events.oldest() - 1;
  const valid = typeof replay === 'number' && Number.isInteger(replay);
  return valid && replay >= events.oldest() - 1 && replay <= events.newest() ? replay : null;
};
