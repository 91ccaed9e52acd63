/** Passwords as scrypt keeps them (RFC 7914), with the costs that OWASP's Password Storage Cheat Sheet names. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

interface Costs {
  N: number;
  r: number;
  p: number;
}

const COSTS: Costs = { N: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
export const MIN_PASSWORD_LENGTH = 12;

const derive = promisify<string, Buffer, number, Costs & { maxmem: number }, Buffer>(scrypt);
const keyOf = (password: string, salt: Buffer, costs: Costs): Promise<Buffer> =>
  derive(password.normalize('NFKC'), salt, KEY_BYTES, { ...costs, maxmem: 256 * costs.N * costs.r });

/** What is stored of a password: costs, salt and key. */
export const secretOf = async (password: string, costs = COSTS): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  const key = await keyOf(password, salt, costs);
  return [costs.N, costs.r, costs.p, salt.toString('base64'), key.toString('base64')].join('$');
};

/** Whether this is the password. `secret` null: nobody has that name; it takes as long. */
export const isPassword = async (password: string, secret: string | null): Promise<boolean> => {
  const [N = COSTS.N, r = COSTS.r, p = COSTS.p, salt = '', key = ''] = (secret ?? '').split('$').filter(Boolean);
  const costs = { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await keyOf(password, Buffer.from(salt, 'base64'), costs);
  const stored = Buffer.from(key, 'base64');
  return stored.length === derived.length && timingSafeEqual(stored, derived);
};
