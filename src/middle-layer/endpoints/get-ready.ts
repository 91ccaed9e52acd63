import { json } from 'kernel/http.ts';
import type { Route } from '../../shared/router.ts';
import { countedText, MAX_COUNTED } from '../../shared/sql/count-along.ts';
import { askedInTime } from '../../shared/sql/in-time.ts';
import { budgetProblem } from '../budget.ts';
import { deadLettersByCode } from '../db/dead-letters.ts';
import { readPause } from '../db/flow-state.ts';
import { noticeLine, type Notice } from '../notices.ts';
import type { RunningFlow, Service } from '../service.ts';
import type { Context } from '../types.ts';

/** What is wrong with a flow, by what its circuits say: these need no database. */
const unavailable = ({ open, senders }: RunningFlow): string[] => [
  ...open.sources.flatMap(({ name, circuit: { state } }) => (state.code ? [`the ${name} fails: ${state.code}`] : [])),
  ...senders.flatMap(({ target, circuit: { state } }) =>
    state.open ? [`${target} is unavailable: ${state.code}`] : [],
  ),
];

type Told = Pick<Notice, 'what' | 'records' | 'first' | 'remedy'>;

/** What waits for a person, by its cause, and what people should hear of. */
const attentionOf = async ({ context }: RunningFlow): Promise<Told[]> => {
  const { db, flow, clock, notices } = context;
  const letters = await deadLettersByCode(db, flow);
  const dead = letters.map(({ code, count, first }) => ({
    what: `refused for good as ${code}${count < MAX_COUNTED ? '' : `, ${countedText(count)}`}`,
    records: count,
    first,
    remedy: `see why with npm run dead-letters -- list; once the cause is gone: npm run dead-letters -- retry --all --flow ${flow} --code ${code}`,
  }));
  return [...dead, ...notices.shown(clock.now())];
};

interface FlowState {
  problems: string[];
  shown: Record<string, unknown>;
  attention: Told[];
}

const stateOf = async (running: RunningFlow): Promise<FlowState> => {
  const { context, open } = running;
  const { problems, shown } = await open.readiness();
  const budget = await context.budget.read();
  return {
    problems: [...(budget?.isSpent ? [budgetProblem(budget)] : []), ...problems, ...unavailable(running)],
    shown: { ...shown, paused: await readPause(context.db, context.flow) },
    attention: await attentionOf(running),
  };
};

/**
 * `GET /ready`: 200 when the database answers, and every flow is up to date and its targets take messages; else 503,
 * saying what is wrong, and with which flow. `attention` is for people: what happened, to which records, and the command
 * that mends it; it makes nothing less ready.
 */
export const getReady =
  (context: Context, service: Service): Route =>
  async () => {
    const problems: string[] = [];
    const attention: string[] = [];
    const flows: Record<string, unknown> = {};
    for (const running of service.flows) {
      const { flow } = running.context;
      const asked = await askedInTime(context.db, () => stateOf(running));
      if (asked.problem !== null) {
        const { problem, error } = asked;
        context.log('error', 'database not ready', { message: error instanceof Error ? error.message : String(error) });
        problems.push(problem);
      }
      const state =
        asked.problem === null ? asked.answer : { problems: unavailable(running), shown: {}, attention: [] };
      problems.push(...state.problems.map((problem) => `${flow}: ${problem}`));
      attention.push(...state.attention.map((told) => `${flow}: ${noticeLine(told)}`));
      flows[flow] = state.shown;
    }
    const all = [...new Set(problems)];
    return json(all.length ? 503 : 200, { ready: all.length === 0, problems: all, attention, flows });
  };
