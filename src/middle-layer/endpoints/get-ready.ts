import { json } from 'kernel/http.ts';
import type { Route } from '../../shared/router.ts';
import { inTime } from '../../shared/sql/in-time.ts';
import { budgetProblem } from '../budget.ts';
import { readPause } from '../db/flow-state.ts';
import type { RunningFlow, Service } from '../service.ts';
import type { Context } from '../types.ts';

/** What is wrong with a flow, by what its circuits say: these need no database. */
const unavailable = ({ open, senders }: RunningFlow): string[] => [
  ...open.sources.flatMap(({ name, circuit: { state } }) => (state.code ? [`the ${name} fails: ${state.code}`] : [])),
  ...senders.flatMap(({ target, circuit: { state } }) =>
    state.open ? [`${target} is unavailable: ${state.code}`] : [],
  ),
];

const stateOf = async (running: RunningFlow): Promise<{ problems: string[]; shown: Record<string, unknown> }> => {
  const { context, open } = running;
  const { problems, shown } = await open.readiness();
  const budget = await context.budget.read();
  return {
    problems: [...(budget?.isSpent ? [budgetProblem(budget)] : []), ...problems, ...unavailable(running)],
    shown: { ...shown, paused: await readPause(context.db, context.flow) },
  };
};

/**
 * `GET /ready`: 200 when the database answers, and every flow is up to date and its targets take messages; else 503,
 * saying what is wrong, and with which flow.
 */
export const getReady =
  (context: Context, service: Service): Route =>
  async () => {
    const problems: string[] = [];
    const flows: Record<string, unknown> = {};
    for (const running of service.flows) {
      const { flow } = running.context;
      const state = await inTime(stateOf(running)).catch((error: unknown) => {
        context.log('error', 'database not ready', { message: error instanceof Error ? error.message : String(error) });
        problems.push('the database does not answer');
        return { problems: unavailable(running), shown: {} };
      });
      problems.push(...state.problems.map((problem) => `${flow}: ${problem}`));
      flows[flow] = state.shown;
    }
    const all = [...new Set(problems)];
    return json(all.length ? 503 : 200, { ready: all.length === 0, problems: all, flows });
  };
