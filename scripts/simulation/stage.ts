import { fileURLToPath } from 'node:url';
import { createOrg, type LocalOrg } from '../../src/local-org/index.ts';
import { ManualClock } from '../../src/shared/clock.ts';
import { seededRandom } from '../../src/shared/random.ts';
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

/** `projectDir`: the Salesforce project that the org runs. */
export const openStage = async (projectDir = ROOT): Promise<Stage> => {
  const db = await openSimulationDatabase();
  const org = createOrg({ projectDir, clock: new ManualClock(START), random: seededRandom(START) });
  const activated = org.executeAnonymous('ConcordSetup.activateSync(); ConcordSchedule.install();');
  if (!activated.success)
    throw new Error(`activation failed: ${activated.compileProblem ?? activated.exceptionMessage}`);
  return {
    db,
    org,
    close: async () => {
      org.close();
      await db.close();
    },
  };
};
