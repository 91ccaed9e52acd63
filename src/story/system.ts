import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConnectedApp } from 'local-org/types.ts';
import { environmentOf } from '../middle-layer/variables.ts';
import { hostedProject } from '../shared/hosted-project.ts';
import { controlOf, type Control } from './control.ts';
import {
  isCarried,
  type Application,
  type CarriedInSystem,
  type FlowInSystem,
  type PartPlan,
  type SystemView,
} from './parts.ts';
import { connectTo, type OrgConnection } from './org/connect.ts';
import { activate, createIntegrationUser, createUser, integrationLogin } from './org/set-up.ts';
import { startOrgProcess, startOrgThread, type RunningOrg } from './org/start.ts';
import { startPart, type Part } from './part.ts';
import { freePort, secret, urlAt } from './ports.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The process of the middle layer. */
export const MIDDLE_LAYER = fileURLToPath(new URL('../middle-layer/main.ts', import.meta.url));

export interface SystemOptions {
  projectDir?: string;
  /** The org as a process of its own that persists to a file, so that it can be killed; else a thread, in memory. */
  killableOrg?: boolean;
  seed?: number;
  /** Which the org lets in besides those of the middle layer and of the flows' applications. */
  connectedApps?: ConnectedApp[];
  onLog?: (part: string, line: string) => void;
}

interface StatusOfFlows {
  flows: Record<string, { counters?: { salesforceApiCalls?: number } }>;
}

/**
 * The whole of Concord on this machine: local org, middle layer (where a flow needs it), the parts of the flows, each with its
 * control port.
 */
export class LocalSystem implements SystemView {
  readonly flows: readonly FlowInSystem[];
  readonly operatorToken = secret();
  org!: RunningOrg;
  orgControl!: Control;
  admin!: OrgConnection;
  readonly #options: SystemOptions;
  readonly #plans: readonly PartPlan[];
  readonly #applications: readonly Application[];
  #middleLayer: Part | null = null;
  readonly #parts = new Map<string, Part>();
  readonly #ports = new Map<string, number>();
  /** What the external system of each flow presents to the middle layer, by the flow's name. */
  readonly #callerTokens: ReadonlyMap<string, string>;
  readonly #controlToken = secret();
  readonly #login = integrationLogin();
  #dataDir!: string;
  /** With the packages of the flows; null: they need none. */
  #project: ReturnType<typeof hostedProject> | null = null;
  #offset = 0;

  constructor(flows: readonly FlowInSystem[], options: SystemOptions = {}) {
    this.flows = flows;
    this.#plans = flows.flatMap(({ parts }) => parts);
    this.#applications = flows.flatMap(({ applications = [] }) => applications);
    this.#callerTokens = new Map(flows.map(({ name }) => [name, secret()]));
    this.#options = options;
  }

  /** Starts all parts, activates Concord in the org and lets the middle layer log in as the integration user. */
  async start(): Promise<this> {
    this.#dataDir = await mkdtemp(join(tmpdir(), 'concord-'));
    const packages = this.flows.flatMap((flow) => flow.packages ?? []);
    if (packages.length > 0) this.#project = hostedProject(this.#options.projectDir ?? ROOT, packages);
    for (const name of ['org', 'middleLayer', ...this.#plans.map((plan) => plan.name)])
      this.#ports.set(name, await freePort());
    const partsReady = Promise.all(this.#plans.map((plan) => this.#startPart(plan)));
    partsReady.catch(() => {});
    await this.#startOrg();
    await createIntegrationUser(this.admin, this.flows);
    for (const { username, permissionSets } of this.#applications)
      await createUser(this.admin, username, permissionSets);
    await activate(this.admin);
    if (this.#carried.length > 0) this.#middleLayer = await this.#startMiddleLayer();
    await partsReady;
    return this;
  }

  /** Whether a flow needs the middle layer; else none runs. */
  get hasMiddleLayer(): boolean {
    return this.#middleLayer !== null;
  }

  get middleLayer(): Part {
    if (!this.#middleLayer) throw new Error('no flow of this system needs a middle layer, so none runs');
    return this.#middleLayer;
  }

  get #carried(): CarriedInSystem[] {
    return this.flows.filter(isCarried);
  }

  /** A part of a flow. */
  part(name: string): Part {
    const part = this.#parts.get(name);
    if (!part) throw new Error(`no part of this system is called ${name}`);
    return part;
  }

  /** Where the external system of a flow is, and the token that it asks of its callers. */
  externalOf(flow: string): { url: string; token: string } {
    const { part, token } = this.#carried.find(({ name }) => name === flow)!.external;
    return { url: this.part(part).url, token };
  }

  /** The external system of each flow that the middle layer carries, by the flow's name. */
  externals(): Record<string, { url: string; token: string }> {
    return Object.fromEntries(this.#carried.map(({ name }) => [name, this.externalOf(name)]));
  }

  /** Moves every part's clock by the same time. */
  async advance(ms: number): Promise<void> {
    this.#offset += ms;
    const parts = [...(this.#middleLayer ? [this.#middleLayer] : []), ...this.#parts.values()];
    const controls = [this.orgControl, ...parts.map(({ control }) => control)];
    await Promise.all(controls.map((control) => control.post('/control/clock', { advanceMs: ms })));
  }

  /** Milliseconds that the clocks are ahead of the machine's. */
  offset(): number {
    return this.#offset;
  }

  /** What the middle layer answers to `GET /v1/status`. */
  async status(): Promise<string> {
    const response = await fetch(`${this.middleLayer.url}/v1/status`, {
      headers: { authorization: `Bearer ${this.operatorToken}` },
    });
    return response.text();
  }

  /** Salesforce API calls that the middle layer has made. */
  async apiCalls(): Promise<number> {
    if (!this.hasMiddleLayer) return 0;
    const { flows } = JSON.parse(await this.status()) as StatusOfFlows;
    return Object.values(flows).reduce((sum, { counters }) => sum + (counters?.salesforceApiCalls ?? 0), 0);
  }

  /** Changes a record of the org past its triggers, as a load would while they are switched off. */
  async bypassTriggers(object: string, id: string, values: Record<string, unknown>): Promise<void> {
    await this.orgControl.post('/control/fault', { kind: 'bypass', object });
    await this.admin.sobject(object).update({ Id: id, ...values });
  }

  /** Ends a part at once, as a crash would, and starts it again on its data: `org`, `middleLayer`, or one of a flow. */
  async crash(name: string): Promise<void> {
    await this.#running(name).kill();
    await this.#startAgain(name);
  }

  /** Kills the org, works while nothing answers there, and starts it again on its file. It must be a process. */
  async whileOrgDown(work: () => Promise<void>): Promise<void> {
    await this.org.kill();
    await work();
    await this.#startOrg();
  }

  /** Stops a part, works on the directory of what it keeps (a backup, a restore), and starts it again. The org must be killable. */
  async whileStopped(name: string, work: (directory: string) => Promise<void>): Promise<void> {
    await this.#running(name).stop();
    await work(this.directoryOf(name));
    await this.#startAgain(name);
  }

  async stop(): Promise<void> {
    const parts = [...(this.#middleLayer ? [this.#middleLayer] : []), ...this.#parts.values(), this.org];
    await Promise.all(parts.map((part) => part.stop()));
    this.#project?.remove();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  #running(name: string): RunningOrg | Part {
    if (name === 'org') return this.org;
    return name === 'middleLayer' ? this.middleLayer : this.part(name);
  }

  async #startAgain(name: string): Promise<void> {
    if (name === 'org') await this.#startOrg();
    else if (name === 'middleLayer') this.#middleLayer = await this.#startMiddleLayer();
    else await this.#startPart(this.#planOf(name));
  }

  #planOf(name: string): PartPlan {
    return this.#plans.find((plan) => plan.name === name)!;
  }

  /** The flow that a part belongs to. */
  #flowOf(plan: PartPlan): string {
    return this.flows.find(({ parts }) => parts.includes(plan))!.name;
  }

  /** Where a part, or a flow, keeps what is its own; it ends with the system. */
  directoryOf(name: string): string {
    return join(this.#dataDir, name);
  }

  #urlOf(name: string): string {
    return urlAt(this.#ports.get(name)!);
  }

  #log(part: string): (line: string) => void {
    return (line) => this.#options.onLog?.(part, line);
  }

  async #startPart(plan: PartPlan): Promise<void> {
    const { name, title, entry } = plan;
    const part = await startPart(
      title,
      [entry],
      {
        ...plan.environment({
          port: this.#ports.get(name)!,
          directory: this.directoryOf(name),
          controlToken: this.#controlToken,
          middleLayer: { url: this.#urlOf('middleLayer'), token: this.#callerTokens.get(this.#flowOf(plan))! },
          salesforceUrl: this.#urlOf('org'),
        }),
        CLOCK_OFFSET_MS: String(this.#offset),
      },
      { onLog: this.#log(title.replaceAll(' ', '-')), controlToken: this.#controlToken },
    );
    this.#parts.set(name, part);
  }

  #startMiddleLayer(): Promise<Part> {
    const externals = this.#carried.map(({ name, external: { part, token } }) => ({
      flow: name,
      external: { url: this.#urlOf(part), token },
      caller: this.#callerTokens.get(name)!,
    }));
    return startPart(
      'middle layer',
      [MIDDLE_LAYER],
      {
        MIDDLE_LAYER_PORT: String(this.#ports.get('middleLayer')),
        MIDDLE_LAYER_DATA_DIR: this.directoryOf('middleLayer'),
        SALESFORCE_URL: this.#urlOf('org'),
        ...this.#login.environment,
        ...environmentOf(externals),
        MIDDLE_LAYER_OPERATOR_TOKEN: this.operatorToken,
        MIDDLE_LAYER_CONTROL_PORT: '0',
        MIDDLE_LAYER_CONTROL_TOKEN: this.#controlToken,
        CLOCK_OFFSET_MS: String(this.#offset),
      },
      { onLog: this.#log('middle-layer'), controlToken: this.#controlToken },
    );
  }

  async #startOrg(): Promise<void> {
    const { killableOrg, projectDir = ROOT, connectedApps = [], seed = 311 } = this.#options;
    const dataDir = this.directoryOf('org');
    await mkdir(dataDir, { recursive: true });
    this.org = await (killableOrg ? startOrgProcess : startOrgThread)({
      projectDir: this.#project?.folder ?? projectDir,
      cacheDir: projectDir,
      port: this.#ports.get('org')!,
      dataDir,
      middleLayerUrl: this.#urlOf('middleLayer'),
      connectedApps: [
        this.#login.connectedApp,
        ...this.#applications.map(({ username, clientId, clientSecret }) => ({
          consumerKey: clientId,
          consumerSecret: clientSecret,
          runAs: username,
        })),
        ...connectedApps,
      ],
      seed,
      clockOffset: this.#offset,
      controlToken: this.#controlToken,
      onLog: this.#log('local-org'),
    });
    this.orgControl = controlOf(this.org.controlUrl!, this.#controlToken);
    this.admin = await connectTo({ instanceUrl: this.org.instanceUrl, accessToken: this.org.info.accessToken });
  }
}
