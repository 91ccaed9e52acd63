import { randomUuid } from 'kernel/random.ts';
import { claimMessages } from '../db/queries/claim-messages.ts';
import type { Context, Deliver, Target } from '../types.ts';
import { Circuit } from './circuit.ts';
import { settleInHalves } from './settle-in-halves.ts';
import { deliverInHalves } from './unforeseen.ts';

export interface Sender {
  target: Target;
  circuit: Circuit;
  /** Sends one batch of what is due; false when there was nothing to send. */
  pass: () => Promise<boolean>;
}

/** Carries the queue of one target: claim, deliver, settle. Several may work on one database. */
export const createSender = (context: Context, target: Target, deliver: Deliver): Sender => {
  const { clock, random, settings, worker, db } = context;
  const circuit = new Circuit(settings.outage, random);
  const linger = target === 'salesforce' ? settings.salesforceLingerMs : 0;

  const pass = async (): Promise<boolean> => {
    const now = clock.now();
    const limit = circuit.allowance(now);
    if (limit === 0) return false;
    const lease = `${worker}/${randomUuid(random)}`;
    const claimed = await claimMessages(db, {
      target,
      limit,
      lease,
      leaseUntil: new Date(now + settings.leaseMs),
      now: new Date(now),
      horizon: new Date(now + linger),
    });
    if (claimed.length === 0) return false;
    const results = await deliverInHalves(context, target, deliver, claimed);
    const failure = results.find((result) => result.is === 'unavailable');
    if (failure) {
      circuit.fail(clock.now(), failure.code, failure.retryAfterMs);
      context.log('warn', 'target unavailable', {
        target,
        code: failure.code,
        retryAt: new Date(circuit.state.retryAt!).toISOString(),
      });
    } else circuit.succeed();
    await settleInHalves(context, lease, claimed, results);
    return true;
  };
  return { target, circuit, pass };
};
