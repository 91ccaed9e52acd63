import { fileURLToPath } from 'node:url';
import { createOrg, type LocalOrg, type OrgOptions } from 'local-org';
import type { ClassCoverage, ConnectedApp } from 'local-org/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import type { CarriedFlow } from '../middle-layer/flow.ts';
import { hostedProject, type SmallerLimit } from '../shared/hosted-project.ts';
import { INTEGRATION_APP, makeIntegrationUser } from './integration-user.ts';
import { Violation } from './process.ts';
import { streamOf } from './streams.ts';
import { openSimulationDatabase, type MigratedPart, type SimulationDatabase } from './database.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** When every seed begins. */
export const START = Date.UTC(2026, 0, 5, 9);

/** What a flow needs to be there before a seed begins. */
export interface StagedFlow {
  /** As src/flows/index.ts lists it. */
  name: string;
  /** What the middle layer carries of it, if anything. */
  carried?: CarriedFlow;
  /** The databases of its own processes, which all share one database in a simulation: no table may be in two of them. */
  databases: readonly MigratedPart[];
  /** Anonymous Apex that activates the flow in an org: scripts, each in a transaction of its own, for users and records cannot be changed in one. */
  activation: readonly string[];
  /**
   * Permission sets of the user that the middle layer logs in as, of which those that an org has are given. Where a flow names
   * none, the middle layer is the org's first administrator for all flows of the world.
   */
  integration?: readonly string[];
  /** As whom the flow's people and systems may log in to the org, besides its administrator. */
  connectedApps?: readonly ConnectedApp[];
  /** A customer's package directory that the flow writes to: in every org of the stage. */
  customer?: string;
  /** Package directory with the automation of an org in which Concord is not alone; half of the seeds are played in it. */
  host?: string;
  /** Limits that are smaller in half of the seeds: in that org, if any flow brings one. */
  limits?: readonly SmallerLimit[];
}

/** What seeds share, because making it takes longer than a seed: the database, and orgs to begin with. */
export interface Stage {
  db: SimulationDatabase;
  /** Each seed works on a copy of one of them. */
  orgs: StagedOrgs;
  close(): Promise<void>;
}

const HOSTED_SHARE = 0.5;

/** How the orgs of a stage are made. */
export interface StagedOrgsOptions extends Pick<OrgOptions, 'coverage'> {
  /** The Salesforce project that they run; default: this one. */
  projectDir?: string;
}

/** A project whose Apex an org does not take: nothing can be learnt from it. */
export class DoesNotCompile extends Error {}

/** The permission sets of the middle layer's own user, or null: it has none. */
const integrationOf = (flows: readonly StagedFlow[]): string[] | null => {
  const carried = flows.filter((flow) => flow.carried !== undefined);
  return carried.length > 0 && carried.every(({ integration }) => integration !== undefined)
    ? carried.flatMap(({ integration }) => integration!)
    : null;
};

/** Nobody could work in an org that refuses to be set up: that breaks a seed as any wrong record does. */
const run = (org: LocalOrg, what: string, script: string): void => {
  const { success, compileProblem, exceptionMessage } = org.executeAnonymous(script);
  if (compileProblem !== null) throw new Error(`${what} does not compile: ${compileProblem}`);
  if (!success) throw new Violation(`${what} failed: ${exceptionMessage}`);
};

/** An org in which the flows are active. */
const openOrg = (flows: readonly StagedFlow[], options: StagedOrgsOptions & { projectDir: string }): LocalOrg => {
  const org = createOrg({
    ...options,
    cacheDir: ROOT,
    clock: new ManualClock(START),
    random: seededRandom(START),
    connectedApps: [
      ...flows.flatMap(({ connectedApps }) => connectedApps ?? []),
      ...(integrationOf(flows) ? [INTEGRATION_APP] : []),
    ],
  });
  const [problem] = org.diagnostics.filter(({ level }) => level === 'error');
  if (problem) throw new DoesNotCompile(`${problem.path}:${problem.line}: ${problem.message}`);
  for (const { name, activation } of flows)
    for (const script of activation) run(org, `the activation of ${name}`, script);
  const integration = integrationOf(flows);
  for (const script of integration ? makeIntegrationUser(integration) : [])
    run(org, "making the middle layer's user", script);
  return org;
};

/** An org, and how the folder of its project is taken away. */
interface OpenOrg {
  org: LocalOrg;
  remove(): void;
}

/**
 * The orgs that seeds begin with, opened when the first seed asks: one that has the flows and nothing else, and for half
 * of the seeds one with automation of its own around them, and with smaller limits.
 */
export class StagedOrgs {
  readonly #flows: readonly StagedFlow[];
  readonly #options: StagedOrgsOptions & { projectDir: string };
  readonly #hosts: readonly string[];
  readonly #customers: readonly string[];
  readonly #limits: readonly SmallerLimit[];
  #alone: OpenOrg | null = null;
  #hosted: OpenOrg | null = null;

  constructor(flows: readonly StagedFlow[], options: StagedOrgsOptions = {}) {
    this.#flows = flows;
    this.#options = { projectDir: ROOT, ...options };
    this.#hosts = flows.flatMap(({ host }) => host ?? []);
    this.#customers = flows.flatMap(({ customer }) => customer ?? []);
    this.#limits = flows.flatMap(({ limits }) => limits ?? []);
  }

  /** Whether the middle layer has a user of its own in them. */
  get hasIntegrationUser(): boolean {
    return integrationOf(this.#flows) !== null;
  }

  /** The org of a seed, whether it has automation of its own, and whether limits are smaller there. */
  of(seed: number): { org: LocalOrg; hosted: boolean; isSmall: boolean } {
    const isOther = this.#hosts.length + this.#limits.length > 0 && streamOf(seed, 'host').next() < HOSTED_SHARE;
    const { org } = isOther
      ? (this.#hosted ??= this.#open([...this.#customers, ...this.#hosts], this.#limits))
      : (this.#alone ??= this.#open(this.#customers));
    return {
      org,
      hosted: isOther && this.#hosts.length > 0,
      isSmall: isOther && this.#limits.length > 0,
    };
  }

  /** Lines of Apex that have run since the last call, of the orgs that have been opened; see `Org.takeCoverage`. */
  takeCoverage(): ClassCoverage[] {
    return [this.#alone, this.#hosted].flatMap((open) => open?.org.takeCoverage() ?? []);
  }

  close(): void {
    for (const open of [this.#alone, this.#hosted]) {
      open?.org.close();
      open?.remove();
    }
  }

  /** `further`: package directories beside those of the project. */
  #open(further: readonly string[], limits: readonly SmallerLimit[] = []): OpenOrg {
    if (further.length + limits.length === 0) return { org: openOrg(this.#flows, this.#options), remove: () => {} };
    const { folder, remove } = hostedProject(this.#options.projectDir, further, limits);
    return { org: openOrg(this.#flows, { ...this.#options, projectDir: folder }), remove };
  }
}

export const openStage = async (flows: readonly StagedFlow[], options: StagedOrgsOptions = {}): Promise<Stage> => {
  const orgs = new StagedOrgs(flows, options);
  const db = await openSimulationDatabase(
    flows.flatMap(({ carried }) => carried ?? []),
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
