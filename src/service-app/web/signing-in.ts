/** Who is signed in: a random cookie of which the database keeps the hash. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { randomBytes } from 'kernel/random.ts';
import type { HttpRequest, HttpResponse } from 'kernel/http.ts';
import { RequestError } from '../../shared/router.ts';
import type { Context } from '../context.ts';
import { deleteExpired, deleteSession, findPerson, insertSession, renewSession, type Session } from '../db/people.ts';
import { isPassword } from '../passwords.ts';
import { html } from './html.ts';
import { page, seeOther } from './page.ts';

const COOKIE = 'session';
const TOKEN_BYTES = 32;
/** Wrong passwords of one name before it must wait. */
const MAX_FAILURES = 5;
const LOCKED_MS = 15 * 60_000;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const cookieOf = ({ headers }: HttpRequest): string | null => {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=', 2));
  return pairs.find(([name]) => name === COOKIE)?.[1] || null;
};

const equal = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());

/** The fields of a form. Throws RequestError 403 when it is no form of this session. */
export const formOf = (request: HttpRequest, { formToken }: Session): URLSearchParams => {
  const form = new URLSearchParams(request.body);
  if (!equal(form.get('formToken') ?? '', formToken))
    throw new RequestError(403, 'OTHER_FORM', 'this form is not of your session; open the page again and repeat');
  return form;
};

const signInPage = (problem: string | null, name: string): HttpResponse =>
  page({
    title: 'Sign in',
    session: null,
    status: problem === null ? 200 : 401,
    body: html`${problem !== null && html`<p class="notice bad" role="alert">${problem}</p>`}
      <form method="post" action="/sign-in">
        <label for="name">Name</label>
        <input id="name" name="name" autocomplete="username" required value="${name}" />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <div><button>Sign in</button></div>
      </form>`,
  });

const ENDED = 'Your session had ended, so nothing was saved. Sign in, and send the form again.';

export interface SigningIn {
  sessionOf(request: HttpRequest): Promise<Session | null>;
  /** `ended`: somebody sent a form under a session that had ended. */
  show(ended: boolean): HttpResponse;
  signIn(request: HttpRequest): Promise<HttpResponse>;
  signOut(request: HttpRequest): Promise<HttpResponse>;
}

/** `secure`: browsers send the cookie over HTTPS alone. `secrets`: unpredictable. */
export const signingIn = ({ db, clock, random, settings }: Context, secure: boolean): SigningIn => {
  const failures = new Map<string, { count: number; until: number }>();
  const cookie = (value: string, seconds: number): Record<string, string> => ({
    'set-cookie': `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`,
  });
  const newToken = (): string => Buffer.from(randomBytes(random, TOKEN_BYTES)).toString('base64url');
  const isLocked = (name: string): boolean => {
    const failed = failures.get(name);
    if (failed && clock.now() >= failed.until) failures.delete(name);
    return (failures.get(name)?.count ?? 0) >= MAX_FAILURES;
  };
  const fail = (name: string): void => {
    const count = (failures.get(name)?.count ?? 0) + 1;
    failures.set(name, { count, until: clock.now() + LOCKED_MS });
  };
  return {
    sessionOf: async (request) => {
      const token = cookieOf(request);
      const now = clock.now();
      return token === null ? null : renewSession(db, hashOf(token), new Date(now), new Date(now + settings.sessionMs));
    },
    show: (ended) => signInPage(ended ? ENDED : null, ''),
    signIn: async (request) => {
      const form = new URLSearchParams(request.body);
      const name = (form.get('name') ?? '').trim();
      if (isLocked(name))
        return signInPage('Too many wrong passwords. Wait a quarter of an hour, and try again.', name);
      const person = await findPerson(db, name);
      if (!(await isPassword(form.get('password') ?? '', person?.secret ?? null))) {
        fail(name);
        return signInPage('Name or password is wrong.', name);
      }
      failures.delete(name);
      const now = clock.now();
      const token = newToken();
      await deleteExpired(db, new Date(now));
      await insertSession(db, {
        tokenHash: hashOf(token),
        name,
        formToken: newToken(),
        expiresAt: new Date(now + settings.sessionMs),
      });
      return seeOther('/', cookie(token, Math.floor(settings.sessionMs / 1_000)));
    },
    signOut: async (request) => {
      const token = cookieOf(request);
      if (token !== null) await deleteSession(db, hashOf(token));
      return seeOther('/sign-in', cookie('', 0));
    },
  };
};
