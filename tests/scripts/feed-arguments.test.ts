import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UnusableInput } from 'kernel/command-line.ts';
import { readFeedArguments } from '../../scripts/feeding/arguments.ts';
import { authFrom } from '../../scripts/feeding/salesforce.ts';

const refused = (args: string[], words: RegExp): void =>
  assert.throws(
    () => readFeedArguments(args, {}),
    (error) => error instanceof UnusableInput && words.test(error.message),
  );

describe('the arguments of `npm run feed`', () => {
  it('take the configuration of this folder, of FEEDS_CONFIG, or the one that is named', () => {
    const configOf = (args: string[], environment = {}): unknown => {
      const read = readFeedArguments(['--company', 'ITALCOL', ...args], environment);
      return read === 'help' ? read : read.config;
    };
    assert.equal(configOf([]), 'feeds.json');
    assert.equal(configOf([], { FEEDS_CONFIG: 'a.json' }), 'a.json');
    assert.equal(configOf(['--config', 'b.json'], { FEEDS_CONFIG: 'a.json' }), 'b.json');
  });

  it('refuse what contradicts itself, before anything is opened', () => {
    refused([], /--company is missing/);
    refused(['--release', 'a', '--reject', 'b'], /contradict each other/);
    refused(['--release', 'a', '--company', 'ITALCOL'], /name a run, and nothing else/);
    refused(['--company', 'ITALCOL', '--html', '/no/such/folder/x.html'], /--html .*x\.html/);
    refused(['--serve', '--dry-run'], /--dry-run is of a single run/);
    refused(['--serve', '--port', '70000'], /--port must be a whole number/);
    refused(['--company', 'ITALCOL', '--port', '80'], /--port belongs to --serve/);
    refused(['--company', 'ITALCOL', '--password', 'x'], /--password/);
  });
});

describe('how feeds log in', () => {
  const instanceUrl = 'https://org.example';
  const app = { SALESFORCE_URL: instanceUrl, SALESFORCE_CLIENT_ID: 'app' };
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'concord-login-'));
    writeFileSync(join(folder, 'own'), 'top s3cret\n', { mode: 0o600 });
    writeFileSync(join(folder, 'open'), 'top s3cret\n', { mode: 0o644 });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('by client credentials, by a signed assertion, or under a session that is given', () => {
    assert.deepEqual(authFrom({ ...app, SALESFORCE_CLIENT_SECRET_FILE: join(folder, 'own') }), {
      instanceUrl,
      auth: { kind: 'clientCredentials', clientId: 'app', clientSecret: 'top s3cret' },
    });
    const jwt = { ...app, SALESFORCE_USERNAME: 'feeds@example.com', SALESFORCE_PRIVATE_KEY: 'PEM' };
    assert.deepEqual(authFrom({ ...jwt, SALESFORCE_LOGIN_URL: 'https://login.salesforce.com/' }).auth, {
      kind: 'jwt',
      clientId: 'app',
      username: 'feeds@example.com',
      privateKey: 'PEM',
      loginUrl: 'https://login.salesforce.com',
    });
    assert.deepEqual(authFrom({ SALESFORCE_URL: instanceUrl, SALESFORCE_ACCESS_TOKEN: '00D!x' }).auth, {
      kind: 'accessToken',
      accessToken: '00D!x',
    });
  });

  const unusable: [what: string, variables: () => Record<string, string>, words: RegExp][] = [
    ['a password', () => ({ ...app, SALESFORCE_PASSWORD: 'x' }), /passwords are not used/],
    ['an app without a secret', () => app, /SALESFORCE_CLIENT_SECRET is not set/],
    ['no app', () => ({ SALESFORCE_URL: instanceUrl }), /SALESFORCE_CLIENT_ID is not set/],
    ['no URL of HTTP', () => ({ ...app, SALESFORCE_URL: 'org.example' }), /must be an http or https URL/],
    [
      'a file that others may read',
      () => ({ ...app, SALESFORCE_CLIENT_SECRET_FILE: join(folder, 'open') }),
      /can be read by others; chmod 600/,
    ],
    [
      'a file that is not there',
      () => ({ ...app, SALESFORCE_CLIENT_SECRET_FILE: join(folder, 'none') }),
      /cannot be read \(ENOENT\)/,
    ],
  ];
  for (const [what, variables, words] of unusable)
    it(`refuses ${what} in words, and quotes no secret`, () => {
      assert.throws(
        () => authFrom(variables()),
        (error) => error instanceof UnusableInput && words.test(error.message) && !error.message.includes('s3cret'),
      );
    });
});
