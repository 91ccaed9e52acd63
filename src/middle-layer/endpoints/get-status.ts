import { json } from 'kernel/http.ts';
import type { Route } from '../../shared/router.ts';
import { isDatabaseUnavailable } from '../../shared/sql/errors.ts';
import { inTime } from '../../shared/sql/in-time.ts';
import { readCounters } from '../db/counters.ts';
import type { CircuitState } from '../queue/circuit.ts';
import type { RunningFlow, Service } from '../service.ts';
import type { Context } from '../types.ts';

/** What the process knows of a flow by itself. */
const known = ({ open, senders }: RunningFlow): { circuits: Record<string, CircuitState> } => {
  const circuits: Record<string, CircuitState> = {};
  for (const { name, circuit } of open.sources) circuits[name] = circuit.state;
  for (const { target, circuit } of senders) circuits[target] = circuit.state;
  return { circuits };
};

/** What a flow tells of itself. */
const tell = async ({ context, open }: RunningFlow): Promise<object> => {
  const [budget, told] = await Promise.all([context.budget.read(), open.status()]);
  return { budget, ...told };
};

/** With what only the database knows: all of it is asked for at once. */
const stored = async ({ db }: Context, service: Service): Promise<object> => {
  const [{ depths, pauses, open, due, nextAttemptAt }, counters, told] = await Promise.all([
    service.standing(),
    readCounters(db),
    Promise.all(service.flows.map(tell)),
  ]);
  const flows: Record<string, object> = {};
  service.flows.forEach((running, index) => {
    const { flow } = running.context;
    flows[flow] = { paused: pauses[flow] ?? null, ...known(running), ...told[index], counters: counters[flow] ?? {} };
  });
  return { database: 'up', queue: { open, due, nextAttemptAt, messages: depths }, flows };
};

/**
 * `GET /v1/status`: what is queued, and of each flow whether it is paused, what its circuits say, what is left of its API calls of the day (null: it
 * has no budget), what it tells of
 * itself, and its counters since the database was made. While the database is away, what the process knows by itself:
 * `database` is "away" then.
 */
export const getStatus =
  (context: Context, service: Service): Route =>
  async () => {
    const now = { worker: context.worker, now: new Date(context.clock.now()) };
    try {
      return json(200, { ...now, ...(await inTime(stored(context, service))) });
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      const flows = Object.fromEntries(service.flows.map((running) => [running.context.flow, known(running)]));
      return json(200, { ...now, database: 'away', flows });
    }
  };
