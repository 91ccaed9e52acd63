import type { Random } from 'kernel/random.ts';

/** Something that is drawn as often as its weight says, among others. */
export type Weighted<T> = readonly [weight: number, item: T];

/** One of them, by weight; undefined where there is none. */
export const drawn = <T>(random: Random, items: readonly Weighted<T>[]): T | undefined => {
  let at = random.next() * items.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, item] of items) {
    at -= weight;
    if (at < 0) return item;
  }
  return undefined;
};
