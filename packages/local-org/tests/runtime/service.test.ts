import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { startOrgService } from '../../src/service.ts';
import { serve } from 'kernel/http.ts';
import { writeProject } from './org-fixture.ts';

const PROJECT = writeProject({
  'Note.cls': `public class Note implements Queueable {
  public void execute(QueueableContext context) { insert new Account(Name = 'noted'); }
}`,
  'Courier.cls': `public class Courier implements Queueable, Database.AllowsCallouts {
  public void execute(QueueableContext context) {
    HttpRequest request = new HttpRequest();
    request.setEndpoint('callout:Partner/deliver');
    request.setMethod('POST');
    insert new Account(Name = 'delivered ' + new Http().send(request).getStatusCode());
  }
}`,
  'Nightly.cls': `public class Nightly implements Schedulable {
  public void execute(SchedulableContext context) { insert new Account(Name = 'nightly'); }
}`,
  'Caller.cls': `@RestResource(urlMapping='/call')
global class Caller {
  @HttpPost global static String call() {
    HttpRequest request = new HttpRequest();
    request.setEndpoint('callout:Partner/echo');
    request.setMethod('POST');
    request.setBody('ping');
    return new Http().send(request).getBody();
  }
}`,
});
const data = mkdtempSync(join(tmpdir(), 'org-data-'));
after(() => {
  rmSync(PROJECT, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
});

interface Started {
  instanceUrl: string;
  controlUrl: string | null;
  accessToken: string;
}

/** What the control ports here ask for. */
const CONTROL = 'control-token';

const control = (url: string, body: unknown): Promise<any> => post(url, body, CONTROL);

const post = async (url: string, body: unknown, token?: string): Promise<any> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return response.json();
};

const apex = (org: Started, code: string): Promise<any> =>
  fetch(`${org.instanceUrl}/services/data/v67.0/tooling/executeAnonymous?anonymousBody=${encodeURIComponent(code)}`, {
    headers: { authorization: `Bearer ${org.accessToken}` },
  }).then((response) => response.json());

const count = async (org: Started, name: string): Promise<number> => {
  const soql = encodeURIComponent(`SELECT COUNT() FROM Account WHERE Name = '${name}'`);
  const response = await fetch(`${org.instanceUrl}/services/data/v67.0/query?q=${soql}`, {
    headers: { authorization: `Bearer ${org.accessToken}` },
  });
  return ((await response.json()) as { totalSize: number }).totalSize;
};

describe('an org in its own thread', () => {
  test('serves, runs what is due by itself, calls out, and has a control port of its own', async () => {
    const partner = await serve(async (request) => ({
      status: 200,
      headers: {},
      body: `${request.url} ${request.body}`,
    }));
    const service = await startOrgService({
      projectDir: PROJECT,
      seed: 1,
      namedCredentials: {},
      control: { token: CONTROL },
    });
    const org: Started = {
      instanceUrl: service.instanceUrl,
      controlUrl: service.controlUrl,
      accessToken: service.info.accessToken,
    };
    try {
      assert.deepEqual(service.diagnostics, []);
      await control(`${org.controlUrl}/control/named-credential`, { name: 'Partner', url: partner.url });
      // The partner lives in this very process: the org blocks its own thread only.
      assert.equal(await post(`${org.instanceUrl}/services/apexrest/call`, {}, org.accessToken), '/echo ping');

      await apex(org, "System.schedule('nightly', '0 0 3 * * ?', new Nightly());");
      const moved = await control(`${org.controlUrl}/control/clock`, { advanceMs: 24 * 3_600_000 });
      assert.equal(moved.offsetMs, 24 * 3_600_000);
      await control(`${org.controlUrl}/control/run-due`, {});
      assert.equal(await count(org, 'nightly'), 1);

      await control(`${org.controlUrl}/control/fault`, {
        kind: 'save',
        object: 'Account',
        code: 'UNABLE_TO_LOCK_ROW',
        message: 'unable to obtain exclusive access to this record',
      });
      const [error] = await post(
        `${org.instanceUrl}/services/data/v67.0/sobjects/Account`,
        { Name: 'x' },
        org.accessToken,
      );
      assert.equal(error.errorCode, 'UNABLE_TO_LOCK_ROW');
      assert.equal(
        (await post(`${org.instanceUrl}/services/data/v67.0/sobjects/Account`, { Name: 'x' }, org.accessToken)).success,
        true,
      );

      const accounts = `${org.instanceUrl}/services/data/v67.0/sobjects/Account`;
      const { id } = await post(accounts, { Name: 'held' }, org.accessToken);
      await control(`${org.controlUrl}/control/hold`, { ids: [id], ms: 60_000 });
      const update = `update new Account(Id = '${id}');`;
      assert.match((await apex(org, update)).exceptionMessage, /UNABLE_TO_LOCK_ROW/);
      await control(`${org.controlUrl}/control/release`, {});
      assert.equal((await apex(org, update)).success, true);
      assert.match((await control(`${org.controlUrl}/control/hold`, { ids: ['x'], ms: 1 })).error, /record ids/);

      const counterOf = (each: string): string => each.slice(3, 15);
      await control(`${org.controlUrl}/control/skip-ids`, { count: 62 ** 3 });
      const { id: later } = await post(accounts, { Name: 'after a restore' }, org.accessToken);
      assert.ok(counterOf(later) > counterOf(id).slice(0, 8) + '1000', `${later} is far beyond ${id}`);
      assert.match((await control(`${org.controlUrl}/control/skip-ids`, { count: 0.5 })).error, /whole number/);

      assert.match((await control(`${org.controlUrl}/control/clock`, { advanceMs: -1 })).error, /must not be negative/);
      assert.match((await control(`${org.controlUrl}/control/nothing`, {})).error, /no control operation/);
    } finally {
      await service.stop();
      await partner.close();
    }
  });

  test('a project that is none is told', async () => {
    await assert.rejects(startOrgService({ projectDir: data }), /sfdx-project\.json does not exist/);
  });
});

describe('an org as a process', () => {
  const start = async (...more: string[]): Promise<{ process: ChildProcess; org: Started }> => {
    const child = spawn(
      process.execPath,
      ['packages/local-org/src/main.ts', '--project', PROJECT, '--data', join(data, 'org.db'), ...more],
      {
        env: { ...process.env, LOCAL_ORG_CONTROL_TOKEN: CONTROL },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { process: child, org: JSON.parse(line) as Started };
  };

  test('a job that was running when the process was killed runs again', async () => {
    let killed: () => void = () => {};
    const partner = await serve(async () => {
      killed();
      return { status: 202, headers: {}, body: '' };
    });
    const first = await start('--named-credential', `Partner=${partner.url}`);
    killed = () => first.process.kill('SIGKILL');
    const gone = once(first.process, 'exit');
    await apex(first.org, 'System.enqueueJob(new Courier());').catch(() => null);
    await gone;

    killed = () => {};
    const second = await start('--named-credential', `Partner=${partner.url}`, '--control-port', '0');
    await control(`${second.org.controlUrl}/control/run-due`, {});
    assert.equal(await count(second.org, 'delivered 202'), 1);
    second.process.kill('SIGTERM');
    await once(second.process, 'exit');
    await partner.close();
  });

  test('killed at once, it comes back with its records, its session and its queue', async () => {
    const first = await start();
    assert.equal(first.org.controlUrl, null, 'nobody asked for a control port');
    const answer = await apex(first.org, "insert new Account(Name = 'kept'); System.enqueueJob(new Note(), 5);");
    assert.equal(answer.success, true, JSON.stringify(answer));
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');

    const second = await start('--control-port', '0');
    assert.equal(second.org.accessToken, first.org.accessToken);
    assert.equal(await count(second.org, 'kept'), 1);
    assert.equal(await count(second.org, 'noted'), 0);
    await control(`${second.org.controlUrl}/control/clock`, { advanceMs: 5 * 60_000 });
    await control(`${second.org.controlUrl}/control/run-due`, {});
    assert.equal(await count(second.org, 'noted'), 1);
    second.process.kill('SIGTERM');
    const [code] = (await once(second.process, 'exit')) as [number];
    assert.equal(code, 0);
  });
});
