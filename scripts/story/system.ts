import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { controlOf, type Control } from './control.ts';
import { startPart, type Part } from './part.ts';
import { connectTo, type OrgConnection } from '../org/connect.ts';
import { activate, createIntegrationUser, integrationLogin } from '../org/set-up.ts';
import { startOrgService, type OrgService } from '../../src/local-org/service.ts';
import type { FaultPlan } from '../../src/external-system/faults/faults.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The process of a part. */
export const entry = (path: string): string => join(ROOT, 'src', path, 'main.ts');

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
  /** Persist everything below this folder; a temporary one that is removed on stop when absent. */
  dataDir?: string;
  /** Keep the org in a file, so that it survives the end of its process. */
  orgFile?: string;
  faults?: Partial<FaultPlan>;
  seed?: number;
  onLog?: (part: string, line: string) => void;
}

/** The whole of Concord on this machine: local org, middle layer, external system, each with its control port. */
export interface System {
  org: OrgService;
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
  /** Ends the middle layer at once, as a crash would, and starts it again on its database. */
  crashMiddleLayer(): Promise<void>;
  stop(): Promise<void>;
}

export const secret = (): string => randomBytes(24).toString('hex');

/** Starts all parts, activates Concord in the org and lets the middle layer log in as the integration user. */
export const startSystem = async (options: SystemOptions = {}): Promise<System> => {
  const { onLog = () => {} } = options;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'concord-')));
  const [middlePort, externalPort] = [await freePort(), await freePort()];
  const middleUrl = `http://127.0.0.1:${middlePort}`;
  const externalUrl = `http://127.0.0.1:${externalPort}`;
  const tokens = { external: secret(), middleLayer: secret(), operator: secret(), intake: secret() };
  let offset = 0;

  const externalReady = startPart(
    'external system',
    [entry('external-system')],
    {
      EXTERNAL_PORT: String(externalPort),
      EXTERNAL_DATA_DIR: join(dataDir, 'external-system'),
      EXTERNAL_TOKEN: tokens.external,
      MIDDLE_LAYER_URL: middleUrl,
      MIDDLE_LAYER_TOKEN: tokens.middleLayer,
      EXTERNAL_FAULTS: JSON.stringify({ seed: options.seed ?? 311, ...options.faults }),
    },
    (line) => onLog('external-system', line),
  );
  externalReady.catch(() => {});
  const login = integrationLogin();
  const org = await startOrgService({
    projectDir: options.projectDir ?? ROOT,
    namedCredentials: { Concord_Middle_Layer: middleUrl },
    ...(options.orgFile ? { data: options.orgFile } : {}),
    connectedApps: [login.connectedApp],
    seed: options.seed ?? 311,
  });
  const admin = await connectTo({ instanceUrl: org.instanceUrl, accessToken: org.info.accessToken });
  await createIntegrationUser(admin);
  await activate(admin);

  const startMiddleLayer = (): Promise<Part> =>
    startPart(
      'middle layer',
      [entry('middle-layer')],
      {
        MIDDLE_LAYER_PORT: String(middlePort),
        MIDDLE_LAYER_DATA_DIR: join(dataDir, 'middle-layer'),
        SALESFORCE_URL: org.instanceUrl,
        ...login.environment,
        EXTERNAL_URL: externalUrl,
        EXTERNAL_TOKEN: tokens.external,
        MIDDLE_LAYER_EXTERNAL_TOKEN: tokens.middleLayer,
        MIDDLE_LAYER_OPERATOR_TOKEN: tokens.operator,
        CLOCK_OFFSET_MS: String(offset),
      },
      (line) => onLog('middle-layer', line),
    );

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
      const response = await fetch(`${system.middleLayer.url}/v1/status`, { headers: { authorization: `Bearer ${tokens.operator}` } });
      const status = (await response.json()) as { counters: { salesforceApiCalls?: number } };
      return status.counters.salesforceApiCalls ?? 0;
    },
    async bypassTriggers(object, id, values) {
      await system.orgControl.post('/control/fault', { kind: 'bypass', object });
      await admin.sobject(object).update({ Id: id, ...values });
    },
    async crashMiddleLayer() {
      await system.middleLayer.kill();
      system.middleLayer = await startMiddleLayer();
    },
    async stop() {
      await Promise.all([system.middleLayer.stop(), system.external.stop(), org.stop()]);
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
  return system;
};
