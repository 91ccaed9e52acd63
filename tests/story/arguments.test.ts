import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readArguments, usageOf } from '../../src/story/arguments.ts';

const FLOWS = [
  { name: 'letters', told: { about: 'letters are read', takesRows: true } },
  { name: 'parcels', told: { about: 'parcels are weighed' } },
];

const flowsFor = (...args: string[]): string[] => {
  const read = readArguments(args, FLOWS);
  assert.ok(read !== 'help');
  return read.flows;
};

test('all flows are played, or the one that is named', () => {
  assert.deepEqual(flowsFor(), ['letters', 'parcels']);
  assert.deepEqual(flowsFor('--flow', 'all'), ['letters', 'parcels']);
  assert.deepEqual(flowsFor('--flow', 'parcels'), ['parcels']);
});

test('a flow that has no story is refused by name', () => {
  assert.throws(() => flowsFor('--flow', 'cases'), /--flow cases has no story; these have: letters, parcels, or all/);
});

test('rows are for a flow that takes them', () => {
  const rows = ['--input', 'rows.csv', '--map', 'map.json'];
  assert.deepEqual(flowsFor(...rows), ['letters', 'parcels']);
  assert.throws(() => flowsFor(...rows, '--flow', 'parcels'), /--flow parcels takes no rows/);
});

test('a report that could not be written at the end is refused at the beginning', () => {
  assert.throws(() => flowsFor('--report', tmpdir()), /--report .*: it is a folder; name a file in it/);
  assert.throws(
    () => flowsFor('--report', join(tmpdir(), 'not there', 'r.json')),
    /its folder does not exist; make it first/,
  );
});

test('help says what each flow plays', () => {
  assert.match(usageOf(FLOWS), /^ +letters: letters are read\n +parcels: parcels are weighed$/m);
});
