import { json } from 'kernel/http.ts';
import type { Route } from '../../shared/router.ts';
import { inTime } from '../../shared/sql/in-time.ts';
import { readSweepState } from '../db/queries/read-sweep-state.ts';
import type { Service } from '../service.ts';
import type { Context } from '../types.ts';

/** Workers on one database differ by seconds. */
const CLOCK_TOLERANCE_MS = 60_000;

/** `GET /ready`: 200 when the database answers, the last sweep is recent and both targets take messages; else 503, saying what is wrong. */
export const getReady =
  (context: Context, service: Service): Route =>
  async () => {
    const problems: string[] = [];
    const now = context.clock.now();
    const state = await inTime(readSweepState(context.db)).catch((error: unknown) => {
      context.log('error', 'database not ready', { message: error instanceof Error ? error.message : String(error) });
      return null;
    });
    const sweepAgeMs = state?.swept_at ? now - state.swept_at.getTime() : null;
    if (!state) problems.push('the database does not answer');
    else if (sweepAgeMs === null) problems.push('no sweep of Salesforce has succeeded yet');
    else if (sweepAgeMs < -CLOCK_TOLERANCE_MS)
      problems.push(
        `the last sweep was ${Math.round(-sweepAgeMs / 1000)} s in the future: a clock was ahead; check the time of this machine`,
      );
    else if (sweepAgeMs > context.settings.readySweepAgeMs)
      problems.push(`the last sweep was ${Math.round(sweepAgeMs / 1000)} s ago`);
    const { code } = service.sweeper.circuit.state;
    if (code) problems.push(`sweeping fails: ${code}`);
    for (const { target, circuit } of service.senders) {
      if (circuit.state.open) problems.push(`${target} is unavailable: ${circuit.state.code}`);
    }
    for (const { name, type } of state?.fields ?? []) {
      if (type === null)
        problems.push(`the synced field ${name} is missing on Case, or the integration user may not read it`);
    }
    return json(problems.length ? 503 : 200, {
      ready: problems.length === 0,
      problems,
      sweepAgeMs,
      paused: state?.pause ?? null,
    });
  };
