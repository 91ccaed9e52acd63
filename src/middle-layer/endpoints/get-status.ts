import { json } from 'kernel/http.ts';
import type { Route } from '../../shared/router.ts';
import { isDatabaseUnavailable } from '../../shared/sql/errors.ts';
import { inTime } from '../../shared/sql/in-time.ts';
import { countOverdueIntakes } from '../db/queries/count-overdue-intakes.ts';
import { queueDepths } from '../db/queries/queue-depths.ts';
import { readCounters } from '../db/queries/read-counters.ts';
import { readSweepState } from '../db/queries/read-sweep-state.ts';
import type { Service } from '../service.ts';
import type { Context } from '../types.ts';

/** What only the database knows. */
const stored = async (context: Context, service: Service): Promise<object> => {
  const {
    org_id: orgId,
    pause,
    fields,
    swept_at: sweptAt,
    next_sweep_at: nextSweepAt,
  } = await readSweepState(context.db);
  const { open, due, nextAttemptAt } = await service.idle();
  return {
    database: 'up',
    orgId,
    paused: pause,
    sweep: { lastAt: sweptAt, nextAt: nextSweepAt, circuit: service.sweeper.circuit.state },
    fields: fields.map(({ name, owner, type }) => ({ name, owner, readable: type !== null })),
    queue: { open, due, nextAttemptAt, messages: await queueDepths(context.db) },
    intakes: { overdue: await countOverdueIntakes(context.db, context.settings.maxAttempts) },
    counters: await readCounters(context.db),
  };
};

/**
 * `GET /v1/status`: what is queued, what the targets' circuits say, and counters since the database was made. While the
 * database is away, what the process knows by itself: `database` is "away" then.
 */
export const getStatus =
  (context: Context, service: Service): Route =>
  async () => {
    const known = {
      worker: context.worker,
      now: new Date(context.clock.now()),
      sweep: { circuit: service.sweeper.circuit.state },
      circuits: Object.fromEntries(service.senders.map(({ target, circuit }) => [target, circuit.state])),
    };
    try {
      return json(200, { ...known, ...(await inTime(stored(context, service))) });
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      return json(200, { ...known, database: 'away' });
    }
  };
