import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from 'kernel/http.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a request carries the shared secret as bearer token, compared in constant time. */
export const hasBearer = (request: HttpRequest, secret: string): boolean => {
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ', 2);
  return scheme?.toLowerCase() === 'bearer' && timingSafeEqual(digest(token), digest(secret));
};
