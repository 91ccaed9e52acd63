/** Deployments as a client makes them, into an org in this thread. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { writeProject } from '../../src/deploy/source-tree.ts';
import { createOrg, type LocalOrg } from '../../src/index.ts';
import type { OrgOptions } from '../../src/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';

export const START = Date.parse('2026-03-02T08:00:00Z');
const DATA = '/services/data/v67.0';
const BOUNDARY = 'boundary-of-the-test';

export interface TestOrg {
  org: LocalOrg;
  clock: ManualClock;
  /** Sends JSON and answers what came back. */
  send(method: string, path: string, body?: unknown, token?: string): Promise<{ status: number; body: any }>;
  query(soql: string): Promise<any[]>;
  deploy(files: Files, options?: Record<string, unknown>): Promise<any>;
  close(): void;
}

/** Paths in the zip to their text. */
export type Files = Record<string, string>;

export const META = (apiVersion = '67.0', type = 'ApexClass'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${type} xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>${apiVersion}</apiVersion><status>Active</status></${type}>`;

/** `{ ApexClass: ['A'] }` as a manifest. */
export const manifest = (members: Record<string, string[]>): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Package xmlns="http://soap.sforce.com/2006/04/metadata">${Object.entries(
    members,
  )
    .map(
      ([type, names]) =>
        `<types>${names.map((name) => `<members>${name}</members>`).join('')}<name>${type}</name></types>`,
    )
    .join('')}<version>67.0</version></Package>`;

/** The files of a class, for a zip. */
export const apexClass = (name: string, body: string): Files => ({
  [`classes/${name}.cls`]: body,
  [`classes/${name}.cls-meta.xml`]: META(),
});

export const zipOf = (files: Files): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));

const multipart = (zip: Uint8Array, options: Record<string, unknown>): Uint8Array =>
  Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="p.zip"\r\nContent-Type: application/zip\r\n\r\n`,
    ),
    zip,
    Buffer.from(
      `\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="entity_content"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify({ deployOptions: options })}\r\n--${BOUNDARY}--\r\n`,
    ),
  ]);

export const emptyProject = (): string => {
  const projectDir = mkdtempSync(join(tmpdir(), 'local-org-deploy-test-'));
  writeProject(projectDir, new Map(), '67.0');
  return projectDir;
};

/** An org on an empty project, which is removed with it, or on the given one. */
export const openOrg = (options: Partial<OrgOptions> = {}): TestOrg => {
  const projectDir = options.projectDir ?? emptyProject();
  const clock = new ManualClock(START);
  const org = createOrg({ clock, random: seededRandom(7), ...options, projectDir });
  const send: TestOrg['send'] = async (method, path, body, token = org.info.accessToken) => {
    const response = await org.handle({
      method,
      url: /^\/(services|cometd)\//.test(path) ? path : DATA + path,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', host: '127.0.0.1' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    return { status: response.status, body: response.body === '' ? null : JSON.parse(response.body) };
  };
  return {
    org,
    clock,
    send,
    query: async (soql) => (await send('GET', `/query?q=${encodeURIComponent(soql)}`)).body.records,
    async deploy(files, given = {}) {
      const response = await org.handle({
        method: 'POST',
        url: `${DATA}/metadata/deployRequest`,
        headers: {
          authorization: `Bearer ${org.info.accessToken}`,
          'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
        },
        body: '',
        bytes: multipart(zipOf(files), { rollbackOnError: true, ...given }),
      });
      const started = JSON.parse(response.body);
      if (response.status !== 201) return started;
      return (await send('GET', `/metadata/deployRequest/${started.id}?includeDetails=true`)).body.deployResult;
    },
    close() {
      org.close();
      if (options.projectDir === undefined) rmSync(projectDir, { recursive: true, force: true });
    },
  };
};
