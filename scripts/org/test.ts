import { writeFile } from 'node:fs/promises';
import type { Org } from '../../src/local-org/types.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { UnusableInput } from '../seeding/types.ts';
import type { TestArguments } from './arguments.ts';
import type { Output } from './exec.ts';
import { testReport, testSummary } from './test-report.ts';

interface ClassRow {
  Id: string;
  Name: string;
}

/** All classes of the project: lower-cased name to id. */
const readClassIds = async (org: Org): Promise<Map<string, string>> => {
  const response = await org.handle({
    method: 'GET',
    url: `/services/data/v67.0/tooling/query?q=${encodeURIComponent('SELECT Id, Name FROM ApexClass')}`,
    headers: { authorization: `Bearer ${org.info.accessToken}` },
    body: '',
  });
  if (response.status !== 200) throw new Error(`the org does not list its classes: ${response.body}`);
  const { records } = JSON.parse(response.body) as { records: ClassRow[] };
  return new Map(records.map(({ Id, Name }) => [Name.toLowerCase(), Id]));
};

/** Runs Apex tests, writes the report file and prints the summary. Answers the exit code. */
export const runTests = async (
  org: Org,
  { classNames, json, coverage }: Pick<TestArguments, 'classNames' | 'json' | 'coverage'>,
  clock: Pick<Clock, 'now'>,
  { out }: Pick<Output, 'out'>,
): Promise<number> => {
  const classIds = await readClassIds(org);
  const unknown = classNames.filter((name) => !classIds.has(name.toLowerCase()));
  if (unknown.length > 0) throw new UnusableInput(`no such class in the project: ${unknown.join(', ')}`);
  const startedAt = clock.now();
  const run = org.runTests({ coverage, ...(classNames.length > 0 ? { classNames } : {}) });
  const commandTime = clock.now() - startedAt;
  const report = testReport({ run, info: org.info, hostname: 'local', classIds, startedAt, commandTime });
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  out(testSummary(report));
  return report.result.summary.failing > 0 ? 1 : 0;
};
