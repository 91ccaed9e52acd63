/** A local org from Apex that stands in the test itself. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import assert from 'node:assert/strict';
import { createOrg, type LocalOrg } from '../../src/index.ts';
import type { OrgOptions } from '../../src/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';

export const START = Date.UTC(2026, 10, 21, 8);

export interface FixtureOptions extends Partial<OrgOptions> {
  /** Of classes without a version of their own; default 66, whose database operations run in system mode. */
  apiVersion?: number;
}

export interface Fixture {
  org: LocalOrg;
  clock: ManualClock;
  projectDir: string;
  logged: { event: string; detail: Record<string, unknown> }[];
  close(): void;
}

/** File name (`Foo.cls`, `Foo.trigger`, or a path below the package directory) to content. */
export type Files = Record<string, string>;

/** Writes a project to a temporary directory. */
export const writeProject = (files: Files, apiVersion = 66): string => {
  const projectDir = mkdtempSync(join(tmpdir(), 'org-fixture-'));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(projectDir, path)), { recursive: true });
    writeFileSync(join(projectDir, path), content);
  };
  write(
    'sfdx-project.json',
    JSON.stringify({ packageDirectories: [{ path: 'app', default: true }], sourceApiVersion: `${apiVersion}.0` }),
  );
  mkdirSync(join(projectDir, 'app'));
  for (const [name, content] of Object.entries(files)) {
    const folder = name.includes('/') ? 'app' : name.endsWith('.trigger') ? 'app/triggers' : 'app/classes';
    write(`${folder}/${name}`, content);
  }
  return projectDir;
};

/** An org of the project; compile errors fail the test unless `diagnostics` are what it is about. */
export const orgWith = (
  files: Files,
  { apiVersion, ...options }: FixtureOptions = {},
  expectErrors = false,
): Fixture => {
  const projectDir = options.projectDir ?? writeProject(files, apiVersion);
  const clock = new ManualClock(START);
  const logged: Fixture['logged'] = [];
  const org = createOrg({
    projectDir,
    clock,
    random: seededRandom(7),
    log: (event, detail) => logged.push({ event, detail }),
    ...options,
  });
  const errors = org.diagnostics.filter((diagnostic) => diagnostic.level === 'error');
  if (!expectErrors) assert.deepEqual(errors, []);
  return {
    org,
    clock,
    projectDir,
    logged,
    close: () => {
      org.close();
      rmSync(projectDir, { recursive: true, force: true });
    },
  };
};

/** Runs anonymous Apex that must succeed; answers what it debugged. */
export const run = ({ org }: Pick<Fixture, 'org'>, apex: string): string[] => {
  const result = org.executeAnonymous(apex);
  assert.deepEqual(
    { problem: result.compileProblem, exception: result.exceptionMessage, stack: result.exceptionStackTrace },
    { problem: null, exception: null, stack: null },
  );
  return debugLines(result.log);
};

export const debugLines = (log: string): string[] =>
  log
    .split('\n')
    .filter((line) => line.includes('|USER_DEBUG|'))
    .map((line) => line.split('|').slice(4).join('|'));

interface Answer {
  status: number;
  body: any;
}

/** A request to the org's API as its administrator. */
export const request = async (
  { org }: Pick<Fixture, 'org'>,
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const response = await org.handle({
    method,
    url: url.startsWith('/services') ? url : `/services/data/v67.0${url}`,
    headers: { authorization: `Bearer ${org.info.accessToken}`, 'content-type': 'application/json', ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  return { status: response.status, body: response.body === '' ? null : JSON.parse(response.body) };
};

export const query = async (fixture: Pick<Fixture, 'org'>, soql: string): Promise<any[]> => {
  const { status, body } = await request(fixture, 'GET', `/query?q=${encodeURIComponent(soql)}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.records.map(({ attributes: _, ...record }: Record<string, unknown>) => record);
};

/** Metadata of a custom object with the given fields (each its inner XML). */
export const customObject = (
  label: string,
  fields: Record<string, string>,
): Files[string] => `<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
  <deploymentStatus>Deployed</deploymentStatus><label>${label}</label><pluralLabel>${label}s</pluralLabel><sharingModel>ReadWrite</sharingModel>
  <nameField><label>Name</label><type>Text</type></nameField>
  ${Object.entries(fields)
    .map(([name, xml]) => `<fields><fullName>${name}</fullName><label>${name}</label>${xml}</fields>`)
    .join('\n  ')}
</CustomObject>`;

/** Metadata of a platform event. */
export const platformEvent = (
  label: string,
  behavior: string,
  fields: Record<string, string>,
): Files[string] => `<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
  <deploymentStatus>Deployed</deploymentStatus><eventType>HighVolume</eventType><publishBehavior>${behavior}</publishBehavior>
  <label>${label}</label><pluralLabel>${label}s</pluralLabel>
  ${Object.entries(fields)
    .map(([name, xml]) => `<fields><fullName>${name}</fullName><label>${name}</label>${xml}</fields>`)
    .join('\n  ')}
</CustomObject>`;
