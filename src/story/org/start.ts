import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOrgService } from 'local-org/service.ts';
import type { ConnectedApp, OrgInfo } from 'local-org/types.ts';
import { startPart } from '../part.ts';

/** The local org, in a thread or a process. */
export interface RunningOrg {
  instanceUrl: string;
  controlUrl: string | null;
  info: OrgInfo;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface OrgPlan {
  projectDir: string;
  /** Where its compiled Apex is kept. */
  cacheDir: string;
  port: number;
  /** Where the file of an org that is a process lies. */
  dataDir: string;
  middleLayerUrl: string;
  connectedApps: ConnectedApp[];
  seed: number;
  clockOffset: number;
  /** What its control port asks of callers. */
  controlToken: string;
  onLog: (line: string) => void;
}

/** An org that persists to a file, so that it can be killed. */
export const startOrgProcess = async (plan: OrgPlan): Promise<RunningOrg> => {
  const { projectDir, port, dataDir, middleLayerUrl, clockOffset } = plan;
  const part = await startPart<OrgInfo & { instanceUrl: string }>(
    'local org',
    [
      fileURLToPath(import.meta.resolve('local-org/main.ts')),
      ...['--project', projectDir, '--port', String(port), '--data', join(dataDir, 'org.sqlite')],
      ...['--named-credential', `Concord_Middle_Layer=${middleLayerUrl}`, '--clock-offset', String(clockOffset)],
      ...['--control-port', '0'],
    ],
    {
      LOCAL_ORG_CONNECTED_APPS: JSON.stringify(plan.connectedApps),
      LOCAL_ORG_CONTROL_TOKEN: plan.controlToken,
      LOCAL_ORG_CACHE_DIR: plan.cacheDir,
    },
    { onLog: plan.onLog, controlToken: plan.controlToken },
  );
  return { ...part, info: part };
};

/** An org in a thread, in memory. */
export const startOrgThread = async (plan: OrgPlan): Promise<RunningOrg> => {
  const { projectDir, cacheDir, port, connectedApps, clockOffset, seed } = plan;
  const service = await startOrgService({
    projectDir,
    cacheDir,
    port,
    control: { token: plan.controlToken },
    namedCredentials: { Concord_Middle_Layer: plan.middleLayerUrl },
    connectedApps,
    clockOffset,
    seed,
  });
  return { ...service, kill: () => Promise.reject(new Error('this org is a thread; ask for a killableOrg')) };
};
