import { fileURLToPath } from 'node:url';
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import type { CarriedFlow } from '../middle-layer/flow.ts';
import { openSimulationDatabase, type MigratedPart, type SimulationDatabase } from './database.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** When every seed begins. */
export const START = Date.UTC(2026, 0, 5, 9);

/** What a flow needs to be there before a seed begins. */
export interface StagedFlow {
  carried: CarriedFlow;
  /** The databases of its own processes, which all share one database in a simulation: no table may be in two of them. */
  databases: readonly MigratedPart[];
  /** Anonymous Apex that activates the flow in an org. */
  activation: string;
}

/** What seeds share, because making it takes longer than a seed: the database, and an org to begin with. */
export interface Stage {
  db: SimulationDatabase;
  /** The flows are active in it; each seed works on a copy. */
  org: LocalOrg;
  close(): Promise<void>;
}

/** An org in which the flows are active. `projectDir`: the Salesforce project that it runs. */
export const openOrg = (flows: readonly StagedFlow[], projectDir = ROOT): LocalOrg => {
  const org = createOrg({ projectDir, clock: new ManualClock(START), random: seededRandom(START) });
  for (const { carried, activation } of flows) {
    const activated = org.executeAnonymous(activation);
    if (!activated.success)
      throw new Error(
        `${carried.name} could not be activated: ${activated.compileProblem ?? activated.exceptionMessage}`,
      );
  }
  return org;
};

export const openStage = async (flows: readonly StagedFlow[], projectDir?: string): Promise<Stage> => {
  const org = openOrg(flows, projectDir);
  const db = await openSimulationDatabase(
    flows.map(({ carried }) => carried),
    flows.flatMap(({ databases }) => databases),
  );
  return {
    db,
    org,
    close: async () => {
      org.close();
      await db.close();
    },
  };
};
