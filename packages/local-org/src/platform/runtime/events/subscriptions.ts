/** How far each platform event trigger has come, durable beside what it did. */
import type { ObjectSchema, Store } from '../../../store/types.ts';
import type { LoadedModule, Program } from '../program.ts';

export interface Subscription {
  /** Name of the trigger. */
  trigger: string;
  object: string;
  /** Replay id of the last event it is done with. */
  position: number;
  retries: number;
  lastError: string | null;
  /** A retry waits until then; epoch milliseconds. */
  notBefore: number;
  /** Too many retries: it stands still until the project is loaded again. */
  suspended: boolean;
}

const KIND = 'event-subscription';

export const subscriptions = (store: Store): Subscription[] =>
  store.state.list(KIND).map(({ value }) => JSON.parse(value) as Subscription);

export const putSubscription = (store: Store, subscription: Subscription): void =>
  store.state.put(KIND, subscription.trigger, JSON.stringify(subscription));

/** Event objects and the triggers on them. */
export const eventTriggers = (store: Store, program: Program): { object: ObjectSchema; trigger: LoadedModule }[] =>
  [...store.schema.objects.values()]
    .filter((object) => object.kind === 'platformEvent')
    .flatMap((object) => program.triggers(object.name, 'after insert').map((trigger) => ({ object, trigger })));

/** Called when the project is loaded: new triggers begin with the next event, suspended ones go on, those of deleted triggers are forgotten. */
export const refreshSubscriptions = (store: Store, program: Program): void => {
  const known = new Map(subscriptions(store).map((subscription) => [subscription.trigger, subscription]));
  for (const { object, trigger } of eventTriggers(store, program)) {
    const name = trigger.module.name;
    const subscription = known.get(name);
    known.delete(name);
    if (!subscription) {
      putSubscription(store, {
        trigger: name,
        object: object.name,
        position: store.events.newest(),
        retries: 0,
        lastError: null,
        notBefore: 0,
        suspended: false,
      });
    } else if (subscription.suspended) {
      putSubscription(store, { ...subscription, suspended: false, retries: 0 });
    }
  }
  for (const name of known.keys()) store.state.delete(KIND, name);
};
