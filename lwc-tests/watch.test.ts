import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Watch } from 'c/watch';

let visibility: DocumentVisibilityState;
let reads: number[];
let isShown: boolean;
let watch: Watch;

beforeEach(() => {
  jest.useFakeTimers();
  visibility = 'visible';
  isShown = true;
  jest.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
  const began = Date.now();
  reads = [];
  watch = new Watch(
    () => {
      reads.push((Date.now() - began) / 1000);
      return Promise.resolve();
    },
    () => isShown,
  );
  watch.update(true);
});

afterEach(() => {
  watch.stop();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);

function turnPage(to: DocumentVisibilityState): void {
  visibility = to;
  document.dispatchEvent(new Event('visibilitychange'));
}

test('the waits double up to a minute', async () => {
  await pass(200);
  expect(reads).toEqual([5, 15, 35, 75, 135, 195]);
});

test('nothing is read while the page is hidden, and once at once when it is seen again', async () => {
  await pass(20);
  turnPage('hidden');
  await pass(600);
  expect(reads).toEqual([5, 15]);
  turnPage('visible');
  expect(reads).toEqual([5, 15, 620]);
  await pass(20);
  expect(reads).toEqual([5, 15, 620, 625, 635]);
});

test('nothing is read while the component itself is not shown', async () => {
  isShown = false;
  await pass(100);
  expect(reads).toEqual([]);
  isShown = true;
  await pass(60);
  expect(reads).toHaveLength(1);
});

test('a watch that began already does not begin once more', async () => {
  watch.update(true);
  await pass(5);
  expect(reads).toEqual([5]);
});

test('nothing is read once it is stopped, also when the page is turned', async () => {
  watch.update(false);
  turnPage('visible');
  await pass(120);
  expect(reads).toEqual([]);
});
