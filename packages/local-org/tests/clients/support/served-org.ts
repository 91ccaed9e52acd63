/** A local org behind a real socket, for unmodified clients of Salesforce. */
import { createOrg } from '../../../src/index.ts';
import type { Org, OrgOptions } from '../../../src/types.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { serve, type Handler } from 'kernel/http.ts';
import { systemRandom } from 'kernel/random.ts';
import { PROJECT } from '../../api/support/widget-org.ts';

export interface ServedOrg {
  org: Org;
  url: string;
  clock: ShiftableClock;
  close(): Promise<void>;
}

export const servedOrg = async (options: Partial<OrgOptions> = {}): Promise<ServedOrg> => {
  const clock = new ShiftableClock();
  const org = createOrg({ projectDir: PROJECT, clock, random: systemRandom, ...options });
  const handler: Handler = (request) => org.handle(request);
  handler.door = org.door;
  const server = await serve(handler);
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
