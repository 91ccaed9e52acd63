import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { Network } from '../../src/simulation/network.ts';
import { Trace } from '../../src/simulation/trace.ts';

const HOUR = 3_600_000;
const REQUEST = { method: 'GET', url: 'http://middle/ready', headers: {}, body: '' } as const;

const answer = (body: string) => ({ status: 200, headers: {}, body });

/** A network with one part, which says that it is itself. */
const networkOfOne = (): Network => {
  const network = new Network(1, new ManualClock(0), new Trace());
  network.attach('middle', () => Promise.resolve(answer('itself')));
  return network;
};

test('an answer that was planned, and a stranger, stand in the place of a part', async () => {
  const network = networkOfOne();
  network.answerNext('middle', answer('planned'));
  assert.equal((await network.transport(REQUEST)).body, 'planned');
  assert.equal((await network.transport(REQUEST)).body, 'itself');
  network.replace('middle', HOUR, answer('a stranger'));
  assert.equal((await network.transport(REQUEST)).body, 'a stranger');
});

test('when everything is calm nothing that was planned comes any more', async () => {
  const network = networkOfOne();
  network.answerNext('middle', answer('planned'));
  network.replace('middle', HOUR, answer('a stranger'));
  network.faults = { ...network.faults, loseRequest: 1 };
  network.calm();
  assert.equal((await network.transport(REQUEST)).body, 'itself');
});
