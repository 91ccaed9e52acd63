import { fileURLToPath } from 'node:url';
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import type { CarriedFlow } from '../middle-layer/flow.ts';
import { hostedProject } from './hosted-project.ts';
import { streamOf } from './streams.ts';
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
  /** Package directory with the automation of an org in which Concord is not alone; half of the seeds are played in it. */
  host?: string;
}

/** What seeds share, because making it takes longer than a seed: the database, and orgs to begin with. */
export interface Stage {
  db: SimulationDatabase;
  /** Each seed works on a copy of one of them. */
  orgs: StagedOrgs;
  close(): Promise<void>;
}

const HOSTED_SHARE = 0.5;

/** An org in which the flows are active. `projectDir`: the Salesforce project that it runs. */
const openOrg = (flows: readonly StagedFlow[], projectDir: string): LocalOrg => {
  const org = createOrg({ projectDir, cacheDir: ROOT, clock: new ManualClock(START), random: seededRandom(START) });
  for (const { carried, activation } of flows) {
    const activated = org.executeAnonymous(activation);
    if (!activated.success)
      throw new Error(
        `${carried.name} could not be activated: ${activated.compileProblem ?? activated.exceptionMessage}`,
      );
  }
  return org;
};

/**
 * The orgs that seeds begin with, opened when the first seed asks: one that has the flows and nothing else, and for half
 * of the seeds one with automation of its own around them.
 */
export class StagedOrgs {
  readonly #flows: readonly StagedFlow[];
  readonly #projectDir: string;
  readonly #hosts: readonly string[];
  #alone: LocalOrg | null = null;
  #hosted: { org: LocalOrg; remove(): void } | null = null;

  /** `projectDir`: the Salesforce project that the orgs run. */
  constructor(flows: readonly StagedFlow[], projectDir = ROOT) {
    this.#flows = flows;
    this.#projectDir = projectDir;
    this.#hosts = flows.flatMap(({ host }) => host ?? []);
  }

  /** The org of a seed, and whether it has automation of its own. */
  of(seed: number): { org: LocalOrg; hosted: boolean } {
    const hosted = this.#hosts.length > 0 && streamOf(seed, 'host').next() < HOSTED_SHARE;
    return { org: hosted ? this.#openHosted() : (this.#alone ??= openOrg(this.#flows, this.#projectDir)), hosted };
  }

  close(): void {
    this.#alone?.close();
    this.#hosted?.org.close();
    this.#hosted?.remove();
  }

  #openHosted(): LocalOrg {
    if (this.#hosted === null) {
      const project = hostedProject(this.#projectDir, this.#hosts);
      this.#hosted = { org: openOrg(this.#flows, project.folder), remove: () => project.remove() };
    }
    return this.#hosted.org;
  }
}

export const openStage = async (flows: readonly StagedFlow[]): Promise<Stage> => {
  const orgs = new StagedOrgs(flows);
  const db = await openSimulationDatabase(
    flows.map(({ carried }) => carried),
    flows.flatMap(({ databases }) => databases),
  );
  return {
    db,
    orgs,
    close: async () => {
      orgs.close();
      await db.close();
    },
  };
};
