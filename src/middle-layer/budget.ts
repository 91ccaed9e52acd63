import type { Queryable } from '../shared/sql/types.ts';
import { usedOnDay } from './db/budget.ts';
import { addToCounter } from './db/counters.ts';
import type { Budget, BudgetState, Context, FlowContext, Timed } from './types.ts';

/** The counter of a flow's calls to Salesforce. */
const API_CALLS = 'salesforceApiCalls';
/** The code of what waits because the budget is used up. */
export const BUDGET_SPENT = 'API_BUDGET_SPENT';

const DAY_MS = 24 * 60 * 60_000;

/** What to do when a flow has used up its calls. */
export const budgetProblem = ({ perDay, turnsAt }: BudgetState): string =>
  `its ${perDay} Salesforce API calls of today are used up: sweeps slow down and messages for Salesforce wait until ${turnsAt.toISOString()}; find out what changes so much, or raise its dailyApiCalls`;

/** The calls of the day are used up: everything waits, and no attempt is used. */
export const untilTheDayTurns = ({ turnsAt }: BudgetState, now: number): Timed => ({
  is: 'unavailable',
  code: BUDGET_SPENT,
  retryAfterMs: turnsAt.getTime() - now,
  durationMs: 0,
});

/**
 * The Salesforce API calls of one flow: counts them, and knows when those of the day are used up. An org's calls belong
 * to all who use it, so a flow may be given a share. It is asked before each round of work: a round that has begun ends.
 */
class ApiBudget implements Budget {
  #context: Context;
  #flow: string;
  #wasSpent = false;

  /** `settings` are those of the flow. */
  constructor(context: Context, flow: string) {
    this.#context = context;
    this.#flow = flow;
  }

  async count(tx: Queryable, calls: number): Promise<void> {
    if (calls > 0) await addToCounter(tx, this.#flow, API_CALLS, calls);
  }

  async read(): Promise<BudgetState | null> {
    const { db, clock, settings } = this.#context;
    const { dailyApiCalls: perDay } = settings;
    if (perDay === null) return null;
    const now = clock.now();
    const turnsAt = new Date((Math.floor(now / DAY_MS) + 1) * DAY_MS);
    const used = await usedOnDay(db, this.#flow, API_CALLS, new Date(now).toISOString().slice(0, 10));
    const state = { perDay, used, isSpent: used >= perDay, turnsAt };
    this.#tell(state);
    return state;
  }

  #tell(state: BudgetState): void {
    if (state.isSpent === this.#wasSpent) return;
    this.#wasSpent = state.isSpent;
    const { log } = this.#context;
    const { perDay, used, turnsAt } = state;
    const detail = { flow: this.#flow, perDay, used, turnsAt: turnsAt.toISOString() };
    if (state.isSpent) log('warn', 'api budget spent', { ...detail, remedy: budgetProblem(state) });
    else log('info', 'api budget renewed', detail);
  }
}

/** What works for one flow, with the budget that its settings give it. */
export const withBudget = (context: Omit<FlowContext, 'budget'>): FlowContext => ({
  ...context,
  budget: new ApiBudget(context, context.flow),
});
