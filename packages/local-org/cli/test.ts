import { writeFile } from 'node:fs/promises';
import type { Org } from '../src/types.ts';
import type { Clock } from 'kernel/clock.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import type { TestArguments } from './arguments.ts';
import type { Output } from './exec.ts';
import { testReport, testSummary } from './test-report.ts';

interface CodeRow {
  Id: string;
  Name: string;
}

const readCode = async (org: Org, object: 'ApexClass' | 'ApexTrigger'): Promise<CodeRow[]> => {
  const response = await org.handle({
    method: 'GET',
    url: `/services/data/v67.0/tooling/query?q=${encodeURIComponent(`SELECT Id, Name FROM ${object}`)}`,
    headers: { authorization: `Bearer ${org.info.accessToken}` },
    body: '',
  });
  if (response.status !== 200) throw new Error(`the org does not list its Apex: ${response.body}`);
  return (JSON.parse(response.body) as { records: CodeRow[] }).records;
};

const byName = (rows: CodeRow[]): Map<string, string> => new Map(rows.map(({ Id, Name }) => [Name.toLowerCase(), Id]));

/** Runs Apex tests, writes the report file and prints the summary. Answers the exit code. */
export const runTests = async (
  org: Org,
  { classNames, json, coverage }: Pick<TestArguments, 'classNames' | 'json' | 'coverage'>,
  clock: Pick<Clock, 'now'>,
  { out }: Pick<Output, 'out'>,
): Promise<number> => {
  const classIds = byName(await readCode(org, 'ApexClass'));
  const unknown = classNames.filter((name) => !classIds.has(name.toLowerCase()));
  if (unknown.length > 0) throw new UnusableInput(`no such class in the project: ${unknown.join(', ')}`);
  const codeIds = new Map([...byName(await readCode(org, 'ApexTrigger')), ...classIds]);
  const startedAt = clock.now();
  const run = org.runTests({ coverage, ...(classNames.length > 0 ? { classNames } : {}) });
  const commandTime = clock.now() - startedAt;
  const report = testReport({ run, info: org.info, hostname: 'local', codeIds, startedAt, commandTime });
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  out(testSummary(report));
  return report.result.summary.failing > 0 ? 1 : 0;
};
