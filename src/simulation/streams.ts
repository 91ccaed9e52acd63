import { createHash } from 'node:crypto';
import { seededRandom, type Random } from 'kernel/random.ts';

/**
 * The random stream that a seed gives to this name. Everyone draws from a stream of their own, so that
 * what one does changes nothing of what the others draw.
 */
export const streamOf = (seed: number, name: string): Random =>
  seededRandom(seed ^ createHash('sha256').update(name).digest().readInt32BE(0));
