/** The OAuth endpoints. */
import type { Answer } from '../call.ts';
import type { OpenEndpoint, OpenRequest } from '../endpoint.ts';
import { bearerToken, endSession, useSession } from './sessions.ts';
import { identity, userInfo } from './identity.ts';
import { OAuthError } from './grants.ts';
import { giveToken } from './token.ts';
import { userById, type LoginUser } from './users.ts';

/** Parameters of a form body and of the query together. */
const parametersOf = ({ request, url }: OpenRequest): URLSearchParams =>
  new URLSearchParams([...new URLSearchParams(request.body), ...new URLSearchParams(url.split('?')[1] ?? '')]);

const withOAuthErrors =
  (work: (request: OpenRequest) => Answer) =>
  (request: OpenRequest): Answer => {
    try {
      return work(request);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      return { status: error.status, body: { error: error.error, error_description: error.message } };
    }
  };

const token: OpenEndpoint = {
  access: 'open',
  methods: ['POST'],
  path: '/services/oauth2/token',
  run: withOAuthErrors((request) =>
    giveToken({ deps: request.deps, origin: request.origin, parameters: parametersOf(request) }),
  ),
};

/** Ends a session: what a client does to log out, and a test to let a token expire. */
const revoke: OpenEndpoint = {
  access: 'open',
  methods: ['GET', 'POST'],
  path: '/services/oauth2/revoke',
  run: withOAuthErrors((request) => {
    const ended = endSession(request.deps, parametersOf(request).get('token') ?? '');
    if (!ended) throw new OAuthError('invalid_token', 'invalid token: the session is unknown or has ended');
    return { status: 200 };
  }),
};

const sessionUser = ({ deps, request }: OpenRequest): LoginUser | null => {
  const given = bearerToken(request.headers);
  const session = given ? useSession(deps, given) : null;
  return session && userById(deps.store, session.userId);
};

/** Both identity endpoints answer 403 and this text to a token that is not valid. */
const BAD_TOKEN: Answer = {
  status: 403,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  text: 'Bad_OAuth_Token',
};

const userinfo: OpenEndpoint = {
  access: 'open',
  methods: ['GET', 'POST'],
  path: '/services/oauth2/userinfo',
  run(request) {
    const user = sessionUser(request);
    const { deps, origin } = request;
    return user ? { status: 200, body: userInfo({ info: deps.info, user, origin, now: deps.clock.now() }) } : BAD_TOKEN;
  },
};

const identityUrl: OpenEndpoint = {
  access: 'open',
  methods: ['GET', 'POST'],
  path: '/id/:org/:user',
  run(request) {
    const { deps, origin, params } = request;
    const user = sessionUser(request);
    if (!user) return BAD_TOKEN;
    const same = (a: string, b: string): boolean => a.slice(0, 15) === b.slice(0, 15);
    if (!same(params.org!, deps.info.orgId)) return { ...BAD_TOKEN, text: 'Wrong_Org' };
    if (!same(params.user!, user.id)) return { ...BAD_TOKEN, text: 'Bad_Id' };
    return { status: 200, body: identity({ info: deps.info, user, origin, now: deps.clock.now() }) };
  },
};

export const authEndpoints: OpenEndpoint[] = [token, revoke, userinfo, identityUrl];
