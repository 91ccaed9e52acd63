import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOrgService } from 'local-org/service.ts';
import { connectTo, type OrgConnection } from '../../src/story/org/connect.ts';

const EMPTY = { packageDirectories: [{ path: 'empty', default: true }], sourceApiVersion: '67.0' };

/** Does the work on a local org of production with nothing in it, which ends with the work. */
export const withLocalProduction = async <T>(work: (connection: OrgConnection) => Promise<T>): Promise<T> => {
  const projectDir = mkdtempSync(join(tmpdir(), 'concord-production-'));
  try {
    mkdirSync(join(projectDir, EMPTY.packageDirectories[0]!.path));
    writeFileSync(join(projectDir, 'sfdx-project.json'), JSON.stringify(EMPTY));
    const org = await startOrgService({ projectDir, production: true });
    try {
      return await work(await connectTo({ instanceUrl: org.instanceUrl, accessToken: org.info.accessToken }));
    } finally {
      await org.stop();
    }
  } finally {
    rmSync(projectDir, { recursive: true, force: true });
  }
};
