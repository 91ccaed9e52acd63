import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { controlOf, type Control } from './control.ts';
import { startPart, type Part } from './part.ts';
import { connectTo, type OrgConnection } from './org/connect.ts';
import { activate, createIntegrationUser, integrationLogin } from './org/set-up.ts';
import { startOrgService } from 'local-org/service.ts';
import type { ConnectedApp, OrgInfo } from 'local-org/types.ts';
import type { FaultPlan } from '../external-system/faults/faults.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The process of a part of ours. */
export const entry = (part: 'middle-layer' | 'external-system'): string => join(ROOT, 'src', part, 'main.ts');

/** A port that is free now: two parts must know each other's address before either serves. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

export interface SystemOptions {
  projectDir?: string;
  /** The org as a process of its own that persists to a file, so that it can be killed; else a thread, in memory. */
  killableOrg?: boolean;
  faults?: Partial<FaultPlan>;
  seed?: number;
  /** Which the org lets in besides the middle layer's own. */
  connectedApps?: ConnectedApp[];
  onLog?: (part: string, line: string) => void;
}

/** The local org, in a thread or a process. */
interface RunningOrg {
  instanceUrl: string;
  controlUrl: string;
  info: OrgInfo;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export type PartName = 'org' | 'middleLayer' | 'external';

/** The whole of Concord on this machine: local org, middle layer, external system, each with its control port. */
export interface System {
  org: RunningOrg;
  orgControl: Control;
  admin: OrgConnection;
  middleLayer: Part;
  external: Part;
  externalToken: string;
  operatorToken: string;
  /** Moves every part's clock by the same time. */
  advance(ms: number): Promise<void>;
  /** Milliseconds that the clocks are ahead of the machine's. */
  offset(): number;
  /** Salesforce API calls that the middle layer has made. */
  apiCalls(): Promise<number>;
  /** Changes a record of the org past its triggers, as a load would while they are switched off. */
  bypassTriggers(object: string, id: string, values: Record<string, unknown>): Promise<void>;
  /** Ends a part at once, as a crash would, and starts it again on its data. */
  crash(part: PartName): Promise<void>;
  /** Stops the external system, works on the directory of its database (a backup, a restore), and starts it again. */
  whileRegistryStopped(work: (directory: string) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export const secret = (): string => randomBytes(24).toString('hex');

/** Starts all parts, activates Concord in the org and lets the middle layer log in as the integration user. */
export const startSystem = async (options: SystemOptions = {}): Promise<System> => {
  const { onLog = () => {}, projectDir = ROOT, seed = 311 } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'concord-'));
  const [orgPort, middlePort, externalPort] = [await freePort(), await freePort(), await freePort()];
  const registryDir = join(dataDir, 'external-system');
  const middleUrl = `http://127.0.0.1:${middlePort}`;
  const externalUrl = `http://127.0.0.1:${externalPort}`;
  const tokens = { external: secret(), middleLayer: secret(), operator: secret() };
  const login = integrationLogin();
  const connectedApps = [login.connectedApp, ...(options.connectedApps ?? [])];
  let offset = 0;

  const startExternal = (): Promise<Part> =>
    startPart(
      'external system',
      [entry('external-system')],
      {
        EXTERNAL_PORT: String(externalPort),
        EXTERNAL_DATA_DIR: registryDir,
        EXTERNAL_TOKEN: tokens.external,
        MIDDLE_LAYER_URL: middleUrl,
        MIDDLE_LAYER_TOKEN: tokens.middleLayer,
        EXTERNAL_FAULTS: JSON.stringify({ seed, ...options.faults }),
        CLOCK_OFFSET_MS: String(offset),
      },
      (line) => onLog('external-system', line),
    );

  const startMiddleLayer = (): Promise<Part> =>
    startPart(
      'middle layer',
      [entry('middle-layer')],
      {
        MIDDLE_LAYER_PORT: String(middlePort),
        MIDDLE_LAYER_DATA_DIR: join(dataDir, 'middle-layer'),
        SALESFORCE_URL: `http://127.0.0.1:${orgPort}`,
        ...login.environment,
        EXTERNAL_URL: externalUrl,
        EXTERNAL_TOKEN: tokens.external,
        MIDDLE_LAYER_EXTERNAL_TOKEN: tokens.middleLayer,
        MIDDLE_LAYER_OPERATOR_TOKEN: tokens.operator,
        CLOCK_OFFSET_MS: String(offset),
      },
      (line) => onLog('middle-layer', line),
    );

  const startOrgProcess = async (): Promise<RunningOrg> => {
    const part = await startPart<OrgInfo & { instanceUrl: string }>(
      'local org',
      [
        fileURLToPath(import.meta.resolve('local-org/main.ts')),
        ...['--project', projectDir, '--port', String(orgPort), '--data', join(dataDir, 'org.sqlite')],
        ...['--named-credential', `Concord_Middle_Layer=${middleUrl}`, '--clock-offset', String(offset)],
      ],
      { LOCAL_ORG_CONNECTED_APPS: JSON.stringify(connectedApps) },
      (line) => onLog('local-org', line),
    );
    return { ...part, info: part };
  };

  const startOrgThread = async (): Promise<RunningOrg> => {
    const service = await startOrgService({
      projectDir,
      port: orgPort,
      namedCredentials: { Concord_Middle_Layer: middleUrl },
      connectedApps,
      clockOffset: offset,
      seed,
    });
    return { ...service, kill: () => Promise.reject(new Error('this org is a thread; ask for a killableOrg')) };
  };
  const startOrg = options.killableOrg ? startOrgProcess : startOrgThread;

  const externalReady = startExternal();
  externalReady.catch(() => {});
  const org = await startOrg();
  const admin = await connectTo({ instanceUrl: org.instanceUrl, accessToken: org.info.accessToken });
  await createIntegrationUser(admin);
  await activate(admin);

  const system: System = {
    org,
    orgControl: controlOf(org.controlUrl),
    admin,
    middleLayer: await startMiddleLayer(),
    external: await externalReady,
    externalToken: tokens.external,
    operatorToken: tokens.operator,
    offset: () => offset,
    async advance(ms) {
      offset += ms;
      const controls: Control[] = [system.orgControl, system.external.control, system.middleLayer.control];
      await Promise.all(controls.map((control) => control.post('/control/clock', { advanceMs: ms })));
    },
    async apiCalls() {
      const response = await fetch(`${system.middleLayer.url}/v1/status`, {
        headers: { authorization: `Bearer ${tokens.operator}` },
      });
      const status = (await response.json()) as {
        flows: Record<string, { counters?: { salesforceApiCalls?: number } }>;
      };
      return Object.values(status.flows).reduce((sum, { counters }) => sum + (counters?.salesforceApiCalls ?? 0), 0);
    },
    async bypassTriggers(object, id, values) {
      await system.orgControl.post('/control/fault', { kind: 'bypass', object });
      await system.admin.sobject(object).update({ Id: id, ...values });
    },
    async crash(part) {
      await system[part].kill();
      if (part === 'middleLayer') system.middleLayer = await startMiddleLayer();
      else if (part === 'external') system.external = await startExternal();
      else {
        system.org = await startOrg();
        system.orgControl = controlOf(system.org.controlUrl);
        system.admin = await connectTo({
          instanceUrl: system.org.instanceUrl,
          accessToken: system.org.info.accessToken,
        });
      }
    },
    async whileRegistryStopped(work) {
      await system.external.stop();
      await work(registryDir);
      system.external = await startExternal();
    },
    async stop() {
      await Promise.all([system.middleLayer.stop(), system.external.stop(), system.org.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return system;
};
