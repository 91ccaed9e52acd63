import type { FlowContext } from '../../../middle-layer/types.ts';
import type { Readiness } from '../../../middle-layer/flow.ts';
import { readSweepState } from './db/sweep-state.ts';

/** Workers on one database differ by seconds. */
const CLOCK_TOLERANCE_MS = 60_000;

/** The flow is ready when its last sweep is recent and Salesforce has all the synced fields. */
export const readiness = async ({ db, clock, settings }: FlowContext): Promise<Readiness> => {
  const { swept_at: sweptAt, fields } = await readSweepState(db);
  const sweepAgeMs = sweptAt ? clock.now() - sweptAt.getTime() : null;
  const problems: string[] = [];
  if (sweepAgeMs === null) problems.push('no sweep of Salesforce has succeeded yet');
  else if (sweepAgeMs < -CLOCK_TOLERANCE_MS)
    problems.push(
      `the last sweep was ${Math.round(-sweepAgeMs / 1000)} s in the future: a clock was ahead; check the time of this machine`,
    );
  else if (sweepAgeMs > settings.readySweepAgeMs)
    problems.push(`the last sweep was ${Math.round(sweepAgeMs / 1000)} s ago`);
  for (const { name, type } of fields) {
    if (type === null)
      problems.push(`the synced field ${name} is missing on Case, or the integration user may not read it`);
  }
  return { problems, shown: { sweepAgeMs } };
};
