/** How a Dev Hub that runs as a service brings scratch orgs to life: empty orgs, each a service of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShiftableClock } from 'kernel/clock.ts';
import { writeProject } from '../deploy/source-tree.ts';
import { startOrgService } from '../service.ts';
import { apexCacheDir } from '../apex-cache.ts';
import type { ScratchSignup, StartedScratchOrg } from '../types.ts';
import type { ServiceOptions } from './options.ts';

const PROJECT_PREFIX = 'local-org-scratch-';
const API_VERSION = '67.0';

type Log = (event: string, detail: Record<string, unknown>) => void;

export const scratchOrgStarter =
  (options: ServiceOptions, clock: ShiftableClock, log: Log) =>
  async (signup: ScratchSignup): Promise<StartedScratchOrg> => {
    const emptyProject = await mkdtemp(join(tmpdir(), PROJECT_PREFIX));
    const remove = (): Promise<void> => rm(emptyProject, { recursive: true, force: true });
    writeProject(emptyProject, new Map(), API_VERSION);
    try {
      const service = await startOrgService(
        // What the hub's project has compiled is likely to be deployed to its scratch orgs.
        { projectDir: emptyProject, cacheDir: apexCacheDir(options), scratch: signup, clockOffset: clock.offset },
        (event, detail) => log(event, { scratchOrg: signup.username, ...detail }),
      );
      return {
        orgId: service.info.orgId,
        instanceUrl: service.instanceUrl,
        stop: () => service.stop().finally(remove),
      };
    } catch (error) {
      await remove();
      throw error;
    }
  };
