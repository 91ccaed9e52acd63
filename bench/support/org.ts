import { fileURLToPath } from 'node:url';
import { createOrg, type LocalOrg } from 'local-org';
import type { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { API_VERSION as VERSION } from '../../src/shared/salesforce/version.ts';
import { clientOver, sendTo, type Send } from '../../src/simulation/salesforce-of.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import type { Values } from '../../src/shared/case-messages.ts';
import { seededRandom } from 'kernel/random.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Records of one collection request (REST API Developer Guide, sObject Collections). */
export const COLLECTION_LIMIT = 200;

/** A local org in this process, reached through its API's handler: no socket, no other thread. */
export interface BenchOrg {
  org: LocalOrg;
  clock: ShiftableClock;
  client: SalesforceClient;
  /** Bytes of the bodies that `client` has been answered. */
  received(): number;
  /** Creates or changes at most 200 Cases in one call; returns their ids. */
  save(method: 'POST' | 'PATCH', records: (Values & { id?: string })[]): Promise<string[]>;
}

const SEED = 311;

/** Starts and activates an org; `projectDir` is the Salesforce project that it runs. */
export const openBenchOrg = (projectDir = ROOT): BenchOrg => {
  const clock = new ShiftableClock();
  const org = createOrg({ projectDir, clock, random: seededRandom(SEED) });
  const { success, compileProblem, exceptionMessage } = org.executeAnonymous('ConcordSetup.activateSync();');
  if (!success) throw new Error(`the org cannot be activated: ${compileProblem ?? exceptionMessage}`);
  return benchOrg(org, clock);
};

/** Another org with the same project and records: quicker than starting one. */
export const copyOf = ({ org }: BenchOrg): BenchOrg => {
  const clock = new ShiftableClock();
  return benchOrg(org.copy({ clock, random: seededRandom(SEED) }), clock);
};

const benchOrg = (org: LocalOrg, clock: ShiftableClock): BenchOrg => {
  let received = 0;
  const toOrg = sendTo(org);
  const send: Send = async (method, url, body) => {
    const response = await toOrg(method, url, body);
    received += Buffer.byteLength(response.body);
    return response;
  };

  return {
    org,
    clock,
    received: () => received,
    client: clientOver(send),
    async save(method, records) {
      const { body } = await toOrg(method, `/services/data/v${VERSION}/composite/sobjects`, {
        allOrNone: true,
        records: records.map((record) => ({ attributes: { type: 'Case' }, ...record })),
      });
      const results = JSON.parse(body) as { id: string; success: boolean; errors: { message: string }[] }[];
      const refused = results.find(({ success: saved }) => !saved);
      if (refused) throw new Error(`a Case was not saved: ${refused.errors[0]?.message}`);
      return results.map(({ id }) => id);
    },
  };
};

/** Creates Cases, 200 a call. */
export const createCases = async (bench: BenchOrg, values: Values[]): Promise<void> => {
  for (let start = 0; start < values.length; start += COLLECTION_LIMIT)
    await bench.save('POST', values.slice(start, start + COLLECTION_LIMIT));
};
