/** Generated values that no part may stumble over: texts, numbers, names, whole messages that are spoilt in one place. */
import { MAX_VALUE_LENGTH } from '../../../src/shared/text.ts';
import type { Random } from 'kernel/random.ts';

export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;

/** Names that every JavaScript object inherits something by. */
export const INHERITED = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__', '__defineGetter__'];

const innocent = [
  'Noise',
  '',
  ' ',
  'a\vb',
  '\u0001\u0008\u001f',
  '\u007f\u0085',
  '😀 astral 𝒳',
  "O'Brien; DROP TABLE",
  '\\u0000',
  '%00',
  '\ufffe\uffff',
  '\u202e',
  'x'.repeat(30_000),
];
const unstorable = [
  '\0',
  'a\0b',
  `${'x'.repeat(16)}\0`,
  '\ud800',
  'a\udc00b',
  '\udc00\ud800',
  'x'.repeat(MAX_VALUE_LENGTH + 1),
];

export const goodText = (random: Random): string => pick(random, innocent);
export const badText = (random: Random): string => pick(random, unstorable);

const numbers = [0, -0, 1, -1, 0.1, 1e-300, 1e300, Number.MAX_SAFE_INTEGER, 2 ** 31, 999_999_999, 1e9, 1e12];
export const goodScalar = (random: Random): unknown =>
  pick(random, [goodText(random), pick(random, numbers), true, false, null]);

/** JSON text of something that is no field's value. 1e999 is read as Infinity. */
export const badScalar = (random: Random): unknown =>
  pick<unknown>(random, [badText(random), [], {}, { toString: 1, valueOf: null }, [null], BEYOND]);

/** Stands for a number that JSON can write and JavaScript cannot hold. */
const BEYOND = '@@1e999@@';
export const toJson = (value: unknown): string => JSON.stringify(value).replaceAll(`"${BEYOND}"`, '1e999');

/** What no field of a message's envelope takes, whatever it is. */
export const badEnvelope = (random: Random): unknown =>
  pick<unknown>(random, [
    badText(random),
    'line\nbreak',
    '',
    {},
    [],
    { toString: 1, valueOf: null },
    -1,
    1.5,
    1e12,
    2 ** 31,
    BEYOND,
    pick(random, INHERITED),
    'x'.repeat(5_000),
  ]);
