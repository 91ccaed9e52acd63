import { fileURLToPath } from 'node:url';
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { openSimulationDatabase, type SimulationDatabase } from './database.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** When every seed begins. */
export const START = Date.UTC(2026, 0, 5, 9);

/** What seeds share, because making it takes longer than a seed: the database, and an org to begin with. */
export interface Stage {
  db: SimulationDatabase;
  /** Activated and scheduled; each seed works on a copy. */
  org: LocalOrg;
  close(): Promise<void>;
}

/** An activated and scheduled org. `projectDir`: the Salesforce project that it runs. */
export const openOrg = (projectDir = ROOT): LocalOrg => {
  const org = createOrg({ projectDir, clock: new ManualClock(START), random: seededRandom(START) });
  const activated = org.executeAnonymous('ConcordSetup.activateSync(); ConcordSchedule.install();');
  if (!activated.success)
    throw new Error(`activation failed: ${activated.compileProblem ?? activated.exceptionMessage}`);
  return org;
};

export const openStage = async (projectDir?: string): Promise<Stage> => {
  const org = openOrg(projectDir);
  const db = await openSimulationDatabase();
  return {
    db,
    org,
    close: async () => {
      org.close();
      await db.close();
    },
  };
};
