import { BatchRefused, TargetUnavailable } from '../../clients/errors.ts';
import type { SalesforcePort } from '../../clients/salesforce/port.ts';
import { endSweep } from '../../db/queries/end-sweep.ts';
import { leaseSweep } from '../../db/queries/lease-sweep.ts';
import { Circuit } from '../../queue/circuit.ts';
import { saveReplayId } from '../../db/queries/save-replay-id.ts';
import { describeError } from '../../describe-error.ts';
import type { Context } from '../../types.ts';
import { resendIntakes } from './resend-intakes.ts';
import { sweep } from './sweep.ts';
import type { UnsweptEvents } from './unswept-events.ts';

export interface Sweeper {
  circuit: Circuit;
  /** Sweeps when a sweep is due and no other worker is at it; false when not. */
  pass: () => Promise<boolean>;
}

/** Sweeps at the poll interval, sooner when woken, later while Salesforce is unavailable. Workers on one database share the interval. */
export const createSweeper = (context: Context, salesforce: SalesforcePort, events: UnsweptEvents): Sweeper => {
  const { clock, settings, worker, db, log } = context;
  const circuit = new Circuit(settings.outage, context.random);

  const pass = async (): Promise<boolean> => {
    const started = clock.now();
    if (circuit.allowance(started) === 0) return false;
    const restedAt = new Date(started - settings.wakeGapMs);
    if (!(await leaseSweep(db, worker, new Date(started), new Date(started + settings.leaseMs), restedAt)))
      return false;
    const answered = events.take();
    try {
      const queued = (await sweep(context, salesforce)) + (await resendIntakes(context));
      circuit.succeed();
      const ended = clock.now();
      if (answered) await saveReplayId(db, answered.channel, answered.replayId, new Date(ended));
      log('debug', 'swept', { queued, durationMs: ended - started });
      await endSweep(db, worker, new Date(ended + settings.pollIntervalMs), new Date(ended));
    } catch (error) {
      if (answered) events.note(answered);
      const foreseen = error instanceof TargetUnavailable || error instanceof BatchRefused;
      const code = foreseen ? error.code : 'INTERNAL_ERROR';
      circuit.fail(clock.now(), code, error instanceof TargetUnavailable ? error.retryAfterMs : undefined);
      const retryAt = new Date(circuit.state.retryAt!);
      log(foreseen ? 'warn' : 'error', 'sweep failed', {
        code,
        ...describeError(error),
        retryAt: retryAt.toISOString(),
      });
      await endSweep(db, worker, retryAt, null);
    }
    return true;
  };
  return { circuit, pass };
};
