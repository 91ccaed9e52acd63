/**
 * How many Salesforce API calls do 1,000 Case changes take end to end, created and updated? The org's own count
 * of what others than the administrator called while all of it ran. A count, so it must hold on any machine: the
 * bench fails above the limit. Polls come with time, changes or not: they are switched off and told beside it, as
 * are the calls of carrying one record at a time.
 */
import type { System } from '../src/flows/cases/told/system.ts';
import { Admin } from './support/admin.ts';
import { caseValues } from './support/cases.ts';
import { print, printTable, timesOf } from './support/figures.ts';
import { POLL_MS } from './support/system.ts';
import { allCarried, allSynced } from './support/settled.ts';

const CHANGES = 1_000;
const CHANGES_QUICK = 300;
/** For 1,000 changes: half of them for deliveries of 200 records (answer and confirmation), half for looking what is pending. */
const MAX_LOOKS = 10;
const MAX_DELIVERIES = 1 / 100;
/** Read the Case, store the answer; a new one also confirms that its id arrived. */
const ONE_BY_ONE = { created: 3, updated: 2 };

interface Counted {
  calls: number;
  seconds: number;
}

const count = async (system: System, admin: Admin, change: () => Promise<unknown>): Promise<Counted> => {
  const before = await admin.callsOfOthers();
  const began = performance.now();
  await change();
  const ended = await allSynced(admin);
  await allCarried(system);
  return { calls: (await admin.callsOfOthers()) - before, seconds: (ended - began) / 1_000 };
};

export const benchApiCalls = async (quick: boolean, system: System): Promise<void> => {
  const changes = quick ? CHANGES_QUICK : CHANGES;
  const limit = MAX_LOOKS + changes * MAX_DELIVERIES;
  const admin = new Admin(system);
  const values = await caseValues(changes);
  let ids: string[] = [];
  const created = await count(system, admin, async () => {
    ids = (await admin.save('POST', values)).map(({ id }) => id);
  });
  const updated = await count(system, admin, () =>
    admin.save(
      'PATCH',
      ids.map((id, i) => ({ id, Description: `changed, ${i}` })),
    ),
  );
  print(`api-calls: Salesforce API calls for ${changes} Case changes end to end`);
  const counts = { created, updated };
  printTable(
    ['Cases', 'calls', 'at most', 'one record a call', 'fewer', 'polls meanwhile', 'Cases a second'],
    (['created', 'updated'] as const).map((way) => {
      const { calls, seconds } = counts[way];
      const oneByOne = ONE_BY_ONE[way] * changes;
      const polls = Math.floor((seconds * 1_000) / POLL_MS);
      return [way, calls, limit, oneByOne, timesOf(oneByOne / calls), polls, (changes / seconds).toFixed(1)].map(
        String,
      );
    }),
  );
  print(
    `  polls: one every ${POLL_MS / 1_000} s by default (${((24 * 3_600_000) / POLL_MS).toFixed(0)} a day), for events that were lost`,
  );
  for (const [way, { calls }] of Object.entries(counts))
    if (calls > limit) throw new Error(`${changes} ${way} Cases took ${calls} API calls; at most ${limit} are allowed`);
};
