import { compare } from '../proof/compare.ts';
import { readExternal, readFailedRequests } from '../proof/read-external.ts';
import { readSalesforce } from '../proof/read-salesforce.ts';
import type { Check } from '../../../../story/checks.ts';

export const equal: Check = {
  name: 'both sides agree on every synced field of every Case of this run',
  async run({ admin, external: { url, token }, madeIds }) {
    const [salesforce, external, failed] = await Promise.all([
      readSalesforce(admin),
      readExternal(url, token),
      readFailedRequests(url, token),
    ]);
    // An org may hold Cases of other runs, whose external system is gone.
    const cases = salesforce.cases.filter(({ id }) => madeIds.has(id));
    const keys = new Set(cases.map(({ key }) => key));
    const ours = external.filter(({ key }) => keys.has(key));
    const { differences } = compare({ ...salesforce, cases }, ours, failed);
    if (cases.length !== madeIds.size) throw new Error(`${madeIds.size} Cases were made, ${cases.length} are there`);
    if (differences.length > 0) {
      throw new Error(
        differences.map(({ kind, caseId, key, detail }) => `${kind}: ${caseId ?? key} ${detail}`).join('\n'),
      );
    }
  },
};
