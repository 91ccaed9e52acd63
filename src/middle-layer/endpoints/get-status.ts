import { json } from '../../shared/http.ts';
import type { Route } from '../../shared/router.ts';
import { queueDepths } from '../db/queries/queue-depths.ts';
import { readCounters } from '../db/queries/read-counters.ts';
import { readSweepState } from '../db/queries/read-sweep-state.ts';
import type { Service } from '../service.ts';
import type { Context } from '../types.ts';

/** `GET /v1/status`: what is queued, what the targets' circuits say, and counters since the database was made. */
export const getStatus =
  (context: Context, service: Service): Route =>
  async () => {
    const {
      org_id: orgId,
      pause,
      fields,
      swept_at: sweptAt,
      next_sweep_at: nextSweepAt,
    } = await readSweepState(context.db);
    const { open, due, nextAttemptAt } = await service.idle();
    return json(200, {
      worker: context.worker,
      now: new Date(context.clock.now()),
      orgId,
      paused: pause,
      sweep: { lastAt: sweptAt, nextAt: nextSweepAt, circuit: service.sweeper.circuit.state },
      fields: fields.map(({ name, owner, type }) => ({ name, owner, readable: type !== null })),
      queue: { open, due, nextAttemptAt, messages: await queueDepths(context.db) },
      circuits: Object.fromEntries(service.senders.map(({ target, circuit }) => [target, circuit.state])),
      counters: await readCounters(context.db),
    });
  };
