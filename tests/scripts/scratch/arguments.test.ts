import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from '../../../scripts/scratch/arguments.ts';
import { UnusableInput } from 'kernel/command-line.ts';

const unusable = (message: RegExp) => (error: unknown) => error instanceof UnusableInput && message.test(error.message);

test('reads create with its defaults', () => {
  const args = readArguments(['create', '--alias', 'mine']);
  assert.ok(args !== 'help' && args.command === 'create');
  const { definition, input, map, ...rest } = args;
  assert.deepEqual(rest, { command: 'create', devHub: null, alias: 'mine', durationDays: 7, seed: true, e2e: true });
  assert.match(definition, /config\/project-scratch-def\.json$/);
  assert.match(input, /samples\/nyc311\/rows\.csv$/);
  assert.match(map, /samples\/nyc311\/mapping\.json$/);
});

test('reads create with everything given', () => {
  const args = readArguments([
    ...['create', '--target-dev-hub', 'hub', '--definition', 'd.json', '--duration-days', '30'],
    ...['--no-seed', '--no-e2e', '--input', 'i.csv', '--map', 'm.json'],
  ]);
  assert.deepEqual(args, {
    command: 'create',
    devHub: 'hub',
    alias: null,
    definition: 'd.json',
    durationDays: 30,
    seed: false,
    e2e: false,
    input: 'i.csv',
    map: 'm.json',
  });
});

test('reads delete by alias or username', () => {
  assert.deepEqual(readArguments(['delete', '--alias', 'mine']), { command: 'delete', devHub: null, target: 'mine' });
  const args = ['delete', '--target-org', 'a@b.c', '--target-dev-hub', 'hub'];
  assert.deepEqual(readArguments(args), { command: 'delete', devHub: 'hub', target: 'a@b.c' });
});

test('says what is wrong with arguments that cannot be used', () => {
  assert.throws(() => readArguments(['create', '--duration-days', '31']), unusable(/from 1 to 30, not 31/));
  assert.throws(() => readArguments(['create', '--input', 'a.csv']), unusable(/--input needs --map/));
  assert.throws(() => readArguments(['create', '--nonsense']), unusable(/--nonsense/));
  assert.throws(() => readArguments(['delete']), unusable(/--alias or --target-org/));
  assert.throws(() => readArguments(['make']), unusable(/unknown command make/));
  assert.equal(readArguments([]), 'help');
});
