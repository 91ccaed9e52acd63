/** /meta/connect: answered with the events that are there, or held until there are some or time is up. */
import type { ApiDeps } from '../types.ts';
import type { Client } from './clients.ts';
import { eventMessage, CONNECT_TIMEOUT, RETRY, success, type Message, type Reply } from './message.ts';

/** Events in one answer; the rest follow with the next connect. */
const MAX_EVENTS = 1_000;

export const connect = async (
  deps: ApiDeps,
  client: Client,
  message: Message,
  { hold, signal }: { hold: boolean; signal: AbortSignal | undefined },
): Promise<Reply[]> => {
  client.wake?.();
  if (hold && message.advice?.timeout !== 0 && !hasEvents(deps, client)) await held(deps, client, signal);
  client.seenAt = deps.clock.now();
  // A caller that is gone gets nothing, so that nothing counts as delivered.
  const events = signal?.aborted ? [] : takeEvents(deps, client);
  return [...events, success(message, { advice: RETRY })];
};

/** Resolves when an event arrived for the client, time is up, the caller is gone or someone woke the client. */
const held = async ({ store, clock }: ApiDeps, client: Client, signal: AbortSignal | undefined): Promise<void> => {
  const done = new AbortController();
  const end = (): void => done.abort();
  client.wake = end;
  const objects = (): Set<string> => new Set(client.subscriptions.values().map(({ object }) => object));
  const unsubscribe = store.events.onAppend((events) => {
    if (events.some(({ object }) => objects().has(object))) end();
  });
  signal?.addEventListener('abort', end, { once: true });
  try {
    await clock.sleep(CONNECT_TIMEOUT, done.signal);
  } catch (error) {
    if (!done.signal.aborted) throw error;
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', end);
    if (client.wake === end) client.wake = null;
  }
};

const hasEvents = ({ store }: ApiDeps, client: Client): boolean =>
  client.subscriptions.values().some(({ object, after }) => store.events.after(object, after, 1).length > 0);

/** What the client has not had yet, oldest first; it counts as delivered. */
const takeEvents = ({ store }: ApiDeps, client: Client): Reply[] => {
  const found = [...client.subscriptions].flatMap(([channel, subscription]) =>
    store.events
      .after(subscription.object, subscription.after, MAX_EVENTS)
      .map((event) => ({ channel, subscription, event })),
  );
  found.sort((a, b) => a.event.replayId - b.event.replayId);
  return found.slice(0, MAX_EVENTS).map(({ channel, subscription, event }) => {
    subscription.after = event.replayId;
    return eventMessage(channel, store.schema.objects.get(event.object.toLowerCase())!, event);
  });
};
