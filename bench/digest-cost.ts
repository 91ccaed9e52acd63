/**
 * What does it cost an org to keep digests? CPU per Case save with and without: two orgs in this process that
 * differ in one statement, the one that sums a Case up; saved to in turn, 200 Cases a call. The cost holds for
 * the local org's Apex, not for Salesforce's: what carries over is how much of a save the digest is.
 */
import { withMutatedProject } from '../tests/simulation/mutations/mutated-project.ts';
import type { Mutation } from '../tests/simulation/mutations/types.ts';
import type { Values } from '../src/shared/case-messages.ts';
import { caseValues } from './support/cases.ts';
import { median, print, printTable } from './support/figures.ts';
import { COLLECTION_LIMIT, copyOf, openBenchOrg, type BenchOrg } from './support/org.ts';
import type { Parts } from './support/parts.ts';

const ROUNDS = 15;
const ROUNDS_QUICK = 3;
/** Rounds before the first that counts: the code is compiled by then. */
const WARM_UP = 2;

export const NO_DIGEST: Mutation = {
  name: 'no digest',
  breaks: 'no Case is summed up',
  file: 'force-app/cases/main/default/classes/reconciliation/CaseDigest.cls',
  find: '            FIELDS.put(record, new Digest(record.Sync_Key__c, content(record)));\n',
  replace: '            FIELDS.clear(record);\n',
};

type Way = 'insert' | 'update';

/** CPU of this thread for one call that saves 200 Cases, in microseconds a Case. */
const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / COLLECTION_LIMIT;
};

const roundOf = async (bench: BenchOrg, values: Values[], round: number): Promise<Record<Way, number>> => {
  let ids: string[] = [];
  const insert = await cpuOf(async () => (ids = await bench.save('POST', values)));
  const changes = ids.map((id) => ({ id, Description: `changed in round ${round}` }));
  const update = await cpuOf(() => bench.save('PATCH', changes));
  return { insert, update };
};

/** The comparison means nothing unless one org has digests and the other has none. */
const assertStamped = async ({ client }: BenchOrg, expected: boolean): Promise<void> => {
  const rows = await client.query('SELECT COUNT(Id) n, COUNT(Digest_D__c) stamped FROM Case');
  const { n, stamped } = rows[0]!;
  if (stamped !== (expected ? n : 0)) throw new Error(`${String(stamped)} of ${String(n)} Cases have a digest`);
};

const measure = async (withDigest: BenchOrg, without: BenchOrg, rounds: number): Promise<void> => {
  const values = await caseValues(COLLECTION_LIMIT);
  const costs: { with: Record<Way, number>; without: Record<Way, number> }[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    // who goes first changes: what one leaves behind for the collector is not always the other's
    const first = round % 2 === 0;
    const a = await roundOf(first ? withDigest : without, values, round);
    const b = await roundOf(first ? without : withDigest, values, round);
    if (round >= 0) costs.push(first ? { with: a, without: b } : { with: b, without: a });
  }
  await assertStamped(withDigest, true);
  await assertStamped(without, false);
  print(
    `digest-cost: CPU of a Case save in the local org, ${COLLECTION_LIMIT} Cases a call, median of ${rounds} rounds`,
  );
  const rows = (['insert', 'update'] as const).map((way) => {
    const ratios = costs.map((cost) => cost.with[way] / cost.without[way]);
    return [
      way,
      `${median(costs.map((cost) => cost.with[way])).toFixed(0)} µs`,
      `${median(costs.map((cost) => cost.without[way])).toFixed(0)} µs`,
      ratioOf(median(ratios)),
      `${ratioOf(Math.min(...ratios))} to ${ratioOf(Math.max(...ratios))}`,
    ];
  });
  printTable(['save', 'with digest', 'without', 'with/without', 'rounds between'], rows);
};

const ratioOf = (ratio: number): string => `${ratio.toFixed(2)}x`;

export const benchDigestCost = (quick: boolean, { org }: Parts): Promise<void> =>
  withMutatedProject(NO_DIGEST, async (projectDir) => {
    const [withDigest, without] = [copyOf(org), openBenchOrg(projectDir)];
    try {
      await measure(withDigest, without, quick ? ROUNDS_QUICK : ROUNDS);
    } finally {
      withDigest.org.close();
      without.org.close();
    }
  });
