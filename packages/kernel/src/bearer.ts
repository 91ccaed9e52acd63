import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHead } from './http.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a request carries the shared secret as bearer token, compared in constant time. */
export const hasBearer = ({ headers }: RequestHead, secret: string): boolean => {
  const [scheme, token = ''] = (headers.authorization ?? '').split(' ', 2);
  return scheme?.toLowerCase() === 'bearer' && timingSafeEqual(digest(token), digest(secret));
};
