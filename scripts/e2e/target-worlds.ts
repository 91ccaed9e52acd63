import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnusableInput } from 'kernel/command-line.ts';
import { environmentOf } from '../../src/middle-layer/variables.ts';
import type { World } from '../../src/story/checks.ts';
import { API_VERSION } from '../../src/shared/salesforce/version.ts';
import type { OrgConnection } from '../../src/story/org/connect.ts';
import { findOrg, reachOrg } from '../../src/story/org/find-org.ts';
import { startPart, type Part } from '../../src/story/part.ts';
import type { CarriedInSystem } from '../../src/story/parts.ts';
import { freePort, secret, urlAt } from '../../src/story/ports.ts';
import { MIDDLE_LAYER } from '../../src/story/system.ts';
import type { E2eArguments } from './arguments.ts';
import type { NamedChecks, Worlds } from './worlds.ts';

/** A person waits for the run: look often, but leave an org its API calls. */
const SETTINGS = { pollIntervalMs: 2_000, queuePollMs: 200, salesforceLingerMs: 0 };

interface OrganizationRow {
  IsSandbox: boolean;
  OrganizationType: string;
}

/** Throws UnusableInput that names what is missing and how to mend it. */
const checkOrg = async (
  connection: OrgConnection,
  { targetOrg, allowProduction }: E2eArguments,
  checked: readonly NamedChecks[],
): Promise<void> => {
  const { records } = await connection.query<OrganizationRow>('SELECT IsSandbox, OrganizationType FROM Organization');
  const [organization] = records;
  const isTrial = organization?.IsSandbox === true || organization?.OrganizationType === 'Developer Edition';
  if (!isTrial && !allowProduction) {
    throw new UnusableInput(
      `${targetOrg} is a production org: its pending records would go to an external system that is thrown away. Name a sandbox or scratch org, or add --allow-production`,
    );
  }
  for (const { checks } of checked) await checks.checkOrg(connection, targetOrg!);
  const active = await connection.query('SELECT Id FROM Sync_Control__c WHERE Active__c = TRUE');
  if (active.totalSize === 0) {
    throw new UnusableInput(
      `the sync is not active in ${targetOrg}; run \`ConcordSetup.activateSync(); ConcordSchedule.install();\` as anonymous Apex`,
    );
  }
};

/** A middle layer and the external systems of the flows on this machine, against an org. All are empty and end with the run. */
class Parts {
  readonly #ports = new Map<string, number>();
  readonly #callers = new Map<string, string>();
  readonly #started: Part[] = [];
  readonly #flows: readonly CarriedInSystem[];
  #folder!: string;

  constructor(flows: readonly CarriedInSystem[]) {
    this.#flows = flows;
  }

  /** Stops what has started when one part does not start. */
  async start(connection: OrgConnection): Promise<this> {
    this.#folder = await mkdtemp(join(tmpdir(), 'concord-e2e-'));
    for (const name of ['middleLayer', ...this.#flows.flatMap(({ parts }) => parts.map((part) => part.name))])
      this.#ports.set(name, await freePort());
    for (const { name } of this.#flows) this.#callers.set(name, secret());
    const started = await Promise.allSettled([
      this.#middleLayer(connection),
      ...this.#flows.flatMap((flow) => this.#partsOf(flow, connection.instanceUrl)),
    ]);
    this.#started.push(...started.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : [])));
    const failed = started.find((part) => part.status === 'rejected');
    if (!failed) return this;
    await this.stop();
    throw failed.reason;
  }

  externalOf(flow: string): World['external'] {
    const { part, token } = this.#flows.find(({ name }) => name === flow)!.external;
    return { url: this.#urlOf(part), token };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.map((part) => part.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #urlOf(name: string): string {
    return urlAt(this.#ports.get(name)!);
  }

  #partsOf({ name: flow, parts }: CarriedInSystem, salesforceUrl: string): Promise<Part>[] {
    return parts.map((plan) =>
      startPart(
        plan.title,
        [plan.entry],
        plan.environment({
          port: this.#ports.get(plan.name)!,
          directory: join(this.#folder, plan.name),
          controlToken: secret(),
          middleLayer: { url: this.#urlOf('middleLayer'), token: this.#callers.get(flow)! },
          salesforceUrl,
        }),
      ),
    );
  }

  #middleLayer(connection: OrgConnection): Promise<Part> {
    return startPart('middle layer', [MIDDLE_LAYER], {
      MIDDLE_LAYER_PORT: String(this.#ports.get('middleLayer')),
      MIDDLE_LAYER_SETTINGS: JSON.stringify(SETTINGS),
      SALESFORCE_URL: connection.instanceUrl,
      SALESFORCE_ACCESS_TOKEN: connection.accessToken!,
      ...environmentOf(
        this.#flows.map(({ name }) => ({
          flow: name,
          external: this.externalOf(name),
          caller: this.#callers.get(name)!,
        })),
      ),
      MIDDLE_LAYER_OPERATOR_TOKEN: secret(),
    });
  }
}

/** An org that this machine is logged in to, as it is. */
export const targetWorlds = async (checked: readonly NamedChecks[], args: E2eArguments): Promise<Worlds> => {
  const org = await findOrg(args.targetOrg!);
  await reachOrg(org);
  const admin = org.getConnection(API_VERSION);
  await checkOrg(admin, args, checked);
  const parts = await new Parts(checked.map(({ checks }) => checks.flow())).start(admin);
  const worlds = new Map<string, World>();
  return {
    of(flow) {
      const world: World = {
        admin,
        external: parts.externalOf(flow),
        local: null,
        timeoutMs: args.timeoutMs,
        madeIds: new Set(),
      };
      worlds.set(flow, world);
      return world;
    },
    async stop() {
      await parts.stop();
      if (args.keep) return;
      for (const { name, checks } of checked) await checks.remove(admin, [...(worlds.get(name)?.madeIds ?? [])]);
    },
  };
};
