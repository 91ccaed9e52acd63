import { randomUuid } from 'kernel/random.ts';
import { claimMessages } from '../db/messages.ts';
import type { OpenFlow } from '../flow.ts';
import type { Deliver, FlowContext } from '../types.ts';
import type { Circuit } from './circuit.ts';
import { settleInHalves } from './settle-in-halves.ts';
import { deliverInHalves } from './unforeseen.ts';

export interface Sender {
  target: string;
  circuit: Circuit;
  /** Sends one batch of what is due; false when there was nothing to send. */
  pass: () => Promise<boolean>;
}

/** Carries the queue of one target of a flow: claim, deliver, settle. Several may work on one database. */
export const createSender = (
  context: FlowContext,
  target: string,
  deliver: Deliver,
  follow: OpenFlow['settled'],
  circuit: Circuit,
): Sender => {
  const { clock, random, settings, worker, db, flow } = context;
  const linger = context.lingers[target] ?? 0;

  const pass = async (): Promise<boolean> => {
    const now = clock.now();
    const limit = circuit.allowance(now);
    if (limit === 0) return false;
    const lease = `${worker}/${randomUuid(random)}`;
    const claimed = await claimMessages(db, {
      flow,
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
        flow,
        target,
        code: failure.code,
        retryAt: new Date(circuit.state.retryAt!).toISOString(),
      });
    } else circuit.succeed();
    await settleInHalves(context, follow, lease, claimed, results);
    return true;
  };
  return { target, circuit, pass };
};
