import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigError, helpFor, readConfig, secretsOf, type Config } from '../../src/middle-layer/config.ts';
import { carriedFlows as carried } from '../../src/flows/index.ts';
import { jsonLog } from '../../src/middle-layer/log.ts';

const GOOD = {
  SALESFORCE_URL: 'http://org',
  SALESFORCE_ACCESS_TOKEN: '00D!x',
  CASES_EXTERNAL_URL: 'http://registry',
  CASES_EXTERNAL_TOKEN: 'e',
  CASES_CALLER_TOKEN: 'a',
  MIDDLE_LAYER_OPERATOR_TOKEN: 'b',
};
const read = (environment: Record<string, string | undefined>, ...args: string[]): Config =>
  readConfig(args, environment, carried) as Config;

describe('the configuration', () => {
  it('comes from the environment, and flags win', () => {
    const config = read(
      { ...GOOD, MIDDLE_LAYER_PORT: '4000', MIDDLE_LAYER_DATA_DIR: '/a', MIDDLE_LAYER_SETTINGS: '{"maxAttempts":9}' },
      '--port',
      '5000',
    );
    assert.deepEqual([config.port, config.dataDir, config.settings], [5000, '/a', { maxAttempts: 9 }]);
    assert.equal(read(GOOD).control, null);
    assert.deepEqual(read({ ...GOOD, MIDDLE_LAYER_CONTROL_TOKEN: 'c' }, '--control-port', '0').control, {
      port: 0,
      token: 'c',
    });
    assert.throws(() => read(GOOD, '--control-port', '0'), /MIDDLE_LAYER_CONTROL_TOKEN is not set/);
    assert.equal(readConfig(['--help'], {}, carried), 'help');
  });

  it('names everything that is missing at once', () => {
    assert.throws(
      () => read({}),
      (error) => {
        assert.ok(error instanceof ConfigError);
        for (const name of [
          'SALESFORCE_URL',
          'SALESFORCE_ACCESS_TOKEN',
          'CASES_EXTERNAL_URL',
          'CASES_EXTERNAL_TOKEN',
          'CASES_CALLER_TOKEN',
          'MIDDLE_LAYER_OPERATOR_TOKEN',
        ]) {
          assert.match(error.message, new RegExp(name));
        }
        return true;
      },
    );
  });

  it('names what is unreadable', () => {
    assert.throws(
      () => read({ ...GOOD, CASES_EXTERNAL_URL: 'registry' }),
      /CASES_EXTERNAL_URL must be an http or https URL/,
    );
    assert.throws(() => read({ ...GOOD, MIDDLE_LAYER_PORT: 'x' }), /MIDDLE_LAYER_PORT must be a whole number/);
    assert.throws(() => read({ ...GOOD, MIDDLE_LAYER_SETTINGS: '{' }), /MIDDLE_LAYER_SETTINGS is not JSON/);
    assert.throws(
      () => read({ ...GOOD, MIDDLE_LAYER_SETTINGS: '{"maxAtempts":9}' }),
      /MIDDLE_LAYER_SETTINGS: maxAtempts is not a setting/,
    );
    assert.throws(() => read({ ...GOOD, LOG_LEVEL: 'loud' }), /LOG_LEVEL must be one of/);
  });

  it('gives each external system an address and secrets of its own, named for its flow', () => {
    const names = [{ name: 'cases' }, { name: 'usage-feed' }];
    const all = {
      ...GOOD,
      USAGE_FEED_EXTERNAL_URL: 'http://usage',
      USAGE_FEED_EXTERNAL_TOKEN: 'f',
      USAGE_FEED_CALLER_TOKEN: 'u',
    };
    const config = readConfig([], all, names) as Config;
    assert.deepEqual(config.external['usage-feed'], { url: 'http://usage', token: 'f' });
    assert.deepEqual(config.callers.external, { cases: 'a', 'usage-feed': 'u' });
    for (const secret of ['e', 'f', 'a', 'u', 'b']) assert.ok(secretsOf(config).includes(secret), secret);
    assert.throws(
      () => readConfig([], { ...all, USAGE_FEED_CALLER_TOKEN: 'a' }, names),
      /CASES_CALLER_TOKEN and USAGE_FEED_CALLER_TOKEN hold the same token: give each its own/,
    );
    for (const name of Object.keys(all).filter((name) => /^(CASES|USAGE)/.test(name)))
      assert.match(helpFor(names), new RegExp(name));
  });

  it('logs in by JWT with a key from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'concord-config-'));
    const file = join(folder, 'key.pem');
    await writeFile(file, 'PEM');
    const jwt = { ...GOOD, SALESFORCE_ACCESS_TOKEN: undefined, SALESFORCE_CLIENT_ID: 'c', SALESFORCE_USERNAME: 'u' };
    assert.deepEqual(read({ ...jwt, SALESFORCE_PRIVATE_KEY_FILE: file }).salesforce.auth, {
      kind: 'jwt',
      clientId: 'c',
      username: 'u',
      privateKey: 'PEM',
    });
    assert.throws(() => read({ ...jwt, SALESFORCE_PRIVATE_KEY_FILE: join(folder, 'none') }), /cannot be read/);
    await rm(folder, { recursive: true });
  });
});

it('the log holds no secrets, no field values and no endless texts', () => {
  const lines: string[] = [];
  const log = jsonLog('info', { write: (line) => lines.push(line) });
  log('info', 'x', {
    token: 'hush',
    request: { headers: { authorization: 'hush' }, values: { Subject: 'hush' } },
    message: 'y'.repeat(5_000),
  });
  log('debug', 'not at this level');
  assert.equal(lines.length, 1);
  assert.doesNotMatch(lines[0]!, /hush/);
  assert.ok(lines[0]!.length < 1_000);
});
