/** A local org behind a real socket, for unmodified clients of Salesforce. */
import { createOrg } from '../../../../src/local-org/index.ts';
import type { Org, OrgOptions } from '../../../../src/local-org/types.ts';
import { ShiftableClock } from '../../../../src/shared/clock.ts';
import { serve } from '../../../../src/shared/http.ts';
import { systemRandom } from '../../../../src/shared/random.ts';
import { PROJECT } from '../../../local-org/api/support/widget-org.ts';

export interface ServedOrg {
  org: Org;
  url: string;
  clock: ShiftableClock;
  close(): Promise<void>;
}

export const servedOrg = async (options: Partial<OrgOptions> = {}): Promise<ServedOrg> => {
  const clock = new ShiftableClock();
  const org = createOrg({ projectDir: PROJECT, clock, random: systemRandom, ...options });
  const server = await serve((request) => org.handle(request));
  return {
    org,
    clock,
    url: server.url,
    async close() {
      await server.close();
      org.close();
    },
  };
};
