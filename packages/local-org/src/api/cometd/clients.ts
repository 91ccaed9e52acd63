/** The CometD clients that shook hands since the org started. They are forgotten with it, and shake hands again. */
import type { Random } from 'kernel/random.ts';
import { CONNECT_TIMEOUT } from './message.ts';

/** How long a client may stay away between two connects before it is forgotten. */
const MAX_INTERVAL = 40_000;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 32;

export interface Subscription {
  /** API name of the event object. */
  object: string;
  /** Replay id of the last event that was delivered. */
  after: number;
}

export interface Client {
  id: string;
  userId: string;
  /** Keyed by channel: `/event/Order__e`. */
  subscriptions: Map<string, Subscription>;
  /** When it was last heard of, or answered. */
  seenAt: number;
  /** Ends the connect that is waiting, if one is. */
  wake: (() => void) | null;
}

export class Clients {
  #clients = new Map<string, Client>();

  add(userId: string, now: number, random: Random): Client {
    this.#forget(now);
    const id = Array.from({ length: ID_LENGTH }, () => ALPHABET[Math.floor(random.next() * ALPHABET.length)]).join('');
    const client: Client = { id, userId, subscriptions: new Map(), seenAt: now, wake: null };
    this.#clients.set(id, client);
    return client;
  }

  /** The user's client of that id, or null. */
  find(id: string | undefined, userId: string): Client | null {
    const client = id === undefined ? undefined : this.#clients.get(id);
    return client?.userId === userId ? client : null;
  }

  remove(client: Client): void {
    this.#clients.delete(client.id);
    client.wake?.();
  }

  #forget(now: number): void {
    for (const client of this.#clients.values()) {
      if (!client.wake && now - client.seenAt > CONNECT_TIMEOUT + MAX_INTERVAL) this.#clients.delete(client.id);
    }
  }
}
