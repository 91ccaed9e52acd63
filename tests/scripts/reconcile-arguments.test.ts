import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readReconcileArguments, type ReconcileArguments } from '../../scripts/reconciling/arguments.ts';
import { UnusableInput } from 'kernel/command-line.ts';

const read = (...args: string[]): ReconcileArguments =>
  readReconcileArguments(args, ['cases', 'usage']) as ReconcileArguments;

const URLS = ['--external-url', 'cases=https://registry/', '--external-url', 'usage=http://meters?a=b'];

describe('the arguments of npm run reconcile', () => {
  it('take back a run, of one record, without changing anything', () => {
    const { undo, key, dryRun, record } = read('--undo', 'RUN-00000012', '--key', 'ABC', '--dry-run');
    assert.deepEqual([undo, key, dryRun, record], ['RUN-00000012', 'abc', true, false]);
  });

  it('name where causes are read beside another org', () => {
    const urls = [...URLS, '--middle-layer-url', 'https://middle'];
    assert.equal(read('--target-org', 'prod', ...urls).middleLayerUrl, 'https://middle');
    assert.equal(read().middleLayerUrl, null);
  });

  it('name a time as ISO 8601 writes it, and nothing else that a parser takes for one', () => {
    assert.equal(read('--since', '2026-03-01').since, Date.UTC(2026, 2, 1));
    assert.equal(read('--since', '2026-03-01T10:00:00+02:00').since, Date.UTC(2026, 2, 1, 8));
    for (const text of ['5', '', 'tomorrow', '03/01/2026', '2026-02-31T25:00'])
      assert.throws(() => read('--since', text), /is not an ISO 8601 time/, text);
  });

  it('name reports that can be written, so that a run does not lose them at its end', () => {
    assert.equal(read('--json', '-').json, '-');
    assert.equal(read('--html', 'report.html').html, 'report.html');
    assert.throws(() => read('--json', tmpdir()), /it is a folder; name a file in it/);
    assert.throws(() => read('--html', ''), /it is empty; name a file/);
    assert.throws(
      () => read('--html', join(tmpdir(), 'not there', 'x.html')),
      /its folder does not exist; make it first/,
    );
  });

  it('name one flow, or mean all that are compared', () => {
    assert.deepEqual(read('--flow', 'usage').flows, ['usage']);
    assert.deepEqual(read('--flow', 'all').flows, ['cases', 'usage']);
    assert.deepEqual(read().flows, ['cases', 'usage']);
  });

  it('name the external system of each flow that is compared', () => {
    assert.deepEqual(
      [...read('--target-org', 'prod', ...URLS).externalUrls],
      [
        ['cases', 'https://registry'],
        ['usage', 'http://meters?a=b'],
      ],
    );
    const one = read('--target-org', 'prod', '--flow', 'usage', '--external-url', 'usage=http://meters');
    assert.deepEqual([...one.externalUrls], [['usage', 'http://meters']]);
  });

  for (const [args, message] of [
    [['--target-org', 'prod', '--external-url', 'https://registry'], /must be NAME=URL: the flow \(cases, usage\)/],
    [['--target-org', 'prod', '--external-url', 'feeds=https://registry'], /must be NAME=URL/],
    [['--target-org', 'prod', '--external-url', 'cases=registry'], /the http or https URL/],
    [['--target-org', 'prod', '--external-url', 'cases=http://a', '--external-url', 'cases=http://b'], /given twice/],
    [['--target-org', 'prod', '--external-url', 'cases=http://a'], /missing for the flow usage: add .* usage=URL/],
    [['--flow', 'Case'], /--flow Case is not compared; these are: cases, usage, or all/],
    [['--key', 'abc'], /--key goes with --undo/],
    [['--undo', 'RUN-00000012', '--close-breaker'], /--close-breaker does not go with it/],
    [['--undo', 'RUN-00000012', '--content-check', 'all'], /--content-check does not go with it/],
    [['--middle-layer-url', 'https://middle'], /goes with --target-org/],
    [['--dry-run', '--close-breaker'], /give one of them/],
  ] as const) {
    it(`refuse ${args.join(' ')}`, () => {
      assert.throws(
        () => read(...args),
        (error: Error) => error instanceof UnusableInput && message.test(error.message),
      );
    });
  }
});
