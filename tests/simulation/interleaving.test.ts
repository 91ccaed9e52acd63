import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from 'kernel/random.ts';
import { Interleaving } from '../../src/simulation/interleaving.ts';

const letters = async (seed: number): Promise<string> => {
  const interleaving = new Interleaving(seededRandom(seed));
  let text = '';
  const spell = async (word: string): Promise<void> => {
    for (const letter of word) {
      await interleaving.pause();
      text += letter;
    }
  };
  await interleaving.all([() => spell('abc'), () => spell('xyz')]);
  return text;
};

test('every order of the steps happens, each keeps its own, and a seed decides', async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 400; seed++) {
    const text = await letters(seed);
    assert.equal(text.replace(/[xyz]/g, ''), 'abc');
    assert.equal(text.replace(/[abc]/g, ''), 'xyz');
    assert.equal(await letters(seed), text);
    seen.add(text);
  }
  assert.equal(seen.size, 20, 'six letters, three of them in their places');
});

test('what fails is told once all has ended', async () => {
  const interleaving = new Interleaving(seededRandom(1));
  let hasEnded = false;
  const failing = interleaving.all([
    async () => {
      throw new Error('broken');
    },
    async () => {
      await interleaving.pause();
      hasEnded = true;
    },
  ]);
  await assert.rejects(failing, /broken/);
  assert.ok(hasEnded);
});

test('what belongs to nobody at work, and what one does side by side, never waits for ever', async () => {
  const interleaving = new Interleaving(seededRandom(1));
  await interleaving.pause();
  let steps = 0;
  await interleaving.all([
    async () => {
      await interleaving.aside(async () => interleaving.pause());
      await Promise.all([interleaving.pause(), interleaving.pause(), interleaving.pause()]);
      steps += 1;
    },
    async () => {
      await interleaving.pause();
      steps += 1;
    },
  ]);
  assert.equal(steps, 2);
});
