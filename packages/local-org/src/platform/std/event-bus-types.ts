/** EventBus.TriggerContext and EventBus.TestBroker. */
import type { EventTriggerContext, PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { apexException, NativeObject } from '../values/index.ts';

const CONTEXT = 'EventBus.TriggerContext';

const triggerContext: StdFactory = (runtime) => {
  const current = (): EventTriggerContext => {
    const { eventTrigger } = (runtime as PlatformRuntime).services;
    if (eventTrigger === null)
      throw apexException(
        'UnexpectedException',
        'EventBus.TriggerContext is available only in triggers of platform events.',
      );
    return eventTrigger;
  };
  return {
    name: CONTEXT,
    s: { currentcontext: () => new NativeObject(CONTEXT) },
    m: {
      getresumecheckpoint: () => current().resumeCheckpoint,
      setresumecheckpoint: (_self: NativeObject, replayId: string | null) =>
        void (current().resumeCheckpoint = replayId),
    },
    p: { retries: { get: () => current().retries }, lasterror: { get: () => current().lastError } },
  };
};

const testBroker: StdFactory = ($) => ({
  name: 'EventBus.TestBroker',
  m: { deliver: () => ($ as PlatformRuntime).services.test?.deliverEvents() },
});

/** Keyed by lower-cased catalogue name. */
export const eventBusTypes: Record<string, StdFactory> = {
  'eventbus.triggercontext': triggerContext,
  'eventbus.testbroker': testBroker,
};
