import type { FromExternal } from '../shared/case-messages.ts';
import type { Clock } from 'kernel/clock.ts';
import { randomUuid, type Random } from 'kernel/random.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { enqueueMessage } from './db/outbox.ts';
import type { FieldRules } from './rules/field-rules.ts';
import type { Settings } from './settings.ts';

/** What every operation of the registry works with. */
export interface Context {
  clock: Clock;
  random: Random;
  settings: Settings;
  /** What the registry knows of the fields. */
  fields: FieldRules;
}

type WithoutId<M> = M extends unknown ? Omit<M, 'id'> : never;

/** What a message is answered with, before it has an id. */
export type Answer = WithoutId<FromExternal>;

/** An answer as a message of its own: said of another moment, it is another message. */
export const withId = (context: Context, answer: Answer): FromExternal => ({
  id: randomUuid(context.random),
  ...answer,
});

/** Puts a message into the outbox under a fresh id, within the caller's transaction. */
export const emit = (context: Context, tx: Queryable, message: Answer): Promise<void> =>
  enqueueMessage(tx, withId(context, message), new Date(context.clock.now()));

/** When a poller looks at a record next: after the grace, doubled with each trigger already made, up to the longest pause. */
export const afterGrace = ({ clock, settings }: Context, triggersMade: number): Date =>
  new Date(clock.now() + Math.min(settings.graceMs * 2 ** Math.min(triggersMade, 20), settings.maxGraceMs));
