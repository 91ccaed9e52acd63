/** A store without records: state, events and users only, enough for sessions and the Streaming API. */
import type { ObjectSchema, PublishedEvent, Store } from '../../../src/store/types.ts';

const event = (name: string): ObjectSchema =>
  ({
    name,
    kind: 'platformEvent',
    fields: new Map([
      ['replayid', { name: 'ReplayId', type: 'string', custom: false }],
      ['text__c', { name: 'Text__c', type: 'string', custom: true }],
      ['at__c', { name: 'At__c', type: 'datetime', custom: true }],
    ]),
  }) as unknown as ObjectSchema;

export interface FakeStore extends Store {
  publish(object: string, values: PublishedEvent['values']): PublishedEvent;
}

export const START = Date.UTC(2026, 10, 21, 7, 30);
export const ADMIN = { id: '005000000000001AAA', username: 'admin@local.test' };
export const AGENT = { id: '005000000000002AAA', username: 'agent@local.test' };

/** `readers` may read platform events; default: everyone. */
export const fakeStore = ({ readers }: { readers?: string[] } = {}): FakeStore => {
  const state = new Map<string, string>();
  const events: PublishedEvent[] = [];
  const listeners = new Set<(events: PublishedEvent[]) => void>();
  let firstRetained = 1;
  const store = {
    orgId: '00D000000000001AAA',
    schema: { objects: new Map(['First__e', 'Second__e'].map((name) => [name.toLowerCase(), event(name)])) },
    begin: () => ({ savepoint: () => 0, rollbackTo: () => {}, commit: () => {}, rollback: () => {} }),
    query: (_soql: string, { binds }: { binds: Record<string, string> }) => ({
      rows: [ADMIN, AGENT]
        .filter(({ id, username }) =>
          Object.values(binds).some((value) => id === value || username === value.toLowerCase()),
        )
        .map(({ id, username }) => ({ id, object: 'User', values: new Map([['Username', username]]) })),
    }),
    state: {
      get: (kind: string, key: string) => state.get(`${kind} ${key}`) ?? null,
      put: (kind: string, key: string, value: string) => void state.set(`${kind} ${key}`, value),
      delete: (kind: string, key: string) => void state.delete(`${kind} ${key}`),
    },
    permissions: { object: (userId: string) => readers?.includes(userId) ?? true },
    events: {
      after: (object: string, replayId: number, limit: number) =>
        events
          .filter((e) => e.object === object && e.replayId > replayId && e.replayId >= firstRetained)
          .slice(0, limit),
      newest: () => events.length,
      oldest: () => firstRetained,
      expire: (before: number) => {
        while (firstRetained <= events.length && events[firstRetained - 1]!.createdAt < before) firstRetained++;
      },
      onAppend: (listener: (events: PublishedEvent[]) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    publish(object: string, values: PublishedEvent['values'], createdAt = START) {
      const published = {
        object,
        values,
        replayId: events.length + 1,
        createdAt,
        createdById: ADMIN.id,
        uuid: `uuid-${events.length + 1}`,
      };
      events.push(published);
      for (const listener of [...listeners]) listener([published]);
      return published;
    },
  };
  return store as unknown as FakeStore;
};
