/** POST /services/oauth2/token: gives out access tokens. */
import { timingSafeEqual } from 'node:crypto';
import type { ConnectedApp } from '../../types.ts';
import type { ApiDeps } from '../types.ts';
import type { Answer } from '../call.ts';
import { redeemAuthorizationCode, OAuthError, findRefreshGrant, giveRefreshToken } from './grants.ts';
import { readAssertion } from './jwt-bearer.ts';
import { openSession } from './sessions.ts';
import { userById, userByName, type LoginUser } from './users.ts';

export interface TokenRequest {
  deps: ApiDeps;
  origin: string;
  parameters: URLSearchParams;
}

type Grant = (request: TokenRequest) => LoginUser;

const required = ({ parameters }: TokenRequest, name: string): string => {
  const value = parameters.get(name);
  if (!value) throw new OAuthError('invalid_request', `missing required parameter: ${name}`);
  return value;
};

const activeUser = ({ deps }: TokenRequest, username: string): LoginUser => {
  const user = userByName(deps.store, username);
  if (!user) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  return user;
};

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const clientOf = (request: TokenRequest): ConnectedApp => {
  const key = required(request, 'client_id');
  const app = (request.deps.connectedApps ?? []).find(({ consumerKey }) => consumerKey === key);
  if (!app) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  const secret = required(request, 'client_secret');
  if (!app.consumerSecret || !sameText(app.consumerSecret, secret)) {
    throw new OAuthError('invalid_client', 'invalid client credentials');
  }
  return app;
};

const jwtBearer: Grant = (request) => {
  const { deps, origin } = request;
  const { app, username } = readAssertion(required(request, 'assertion'), deps.connectedApps ?? [], {
    origin,
    now: deps.clock.now(),
  });
  const allowed = app.allowedUsers?.some((name) => name.toLowerCase() === username.toLowerCase()) ?? true;
  if (!allowed) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  return activeUser(request, username);
};

const clientCredentials: Grant = (request) => {
  const { runAs } = clientOf(request);
  if (!runAs) throw new OAuthError('invalid_grant', 'no client credentials user enabled');
  return activeUser(request, runAs);
};

const password: Grant = (request) => {
  clientOf(request);
  const [username, given] = [required(request, 'username'), required(request, 'password')];
  const user = userByName(request.deps.store, username);
  const expected = user && request.deps.passwords?.[user.username];
  if (!expected || !sameText(expected, given)) throw new OAuthError('invalid_grant', 'authentication failure');
  return user;
};

const authorizationCode: Grant = (request) => {
  const username = redeemAuthorizationCode(request.deps, {
    code: required(request, 'code'),
    clientId: required(request, 'client_id'),
    redirectUri: required(request, 'redirect_uri'),
  });
  return activeUser(request, username);
};

const refreshToken: Grant = (request) => {
  const grant = findRefreshGrant(request.deps, required(request, 'refresh_token'));
  const user = grant && userById(request.deps.store, grant.userId);
  if (!user || grant.consumerKey !== required(request, 'client_id')) {
    throw new OAuthError('invalid_grant', 'expired access/refresh token');
  }
  return user;
};

/** The one grant whose client cannot simply ask again. */
const REFRESHABLE = 'authorization_code';

/** Grants by `grant_type`. */
const GRANTS: Record<string, Grant> = {
  [REFRESHABLE]: authorizationCode,
  refresh_token: refreshToken,
  'urn:ietf:params:oauth:grant-type:jwt-bearer': jwtBearer,
  client_credentials: clientCredentials,
  password,
};

export const giveToken = (request: TokenRequest): Answer => {
  const type = required(request, 'grant_type');
  const grant = GRANTS[type];
  if (!grant) throw new OAuthError('unsupported_grant_type', 'grant type not supported');
  const user = grant(request);
  const { deps, origin } = request;
  return {
    status: 200,
    headers: { 'cache-control': 'no-cache, no-store' },
    body: {
      access_token: openSession(deps, user.id),
      ...(type === REFRESHABLE
        ? { refresh_token: giveRefreshToken(deps, { userId: user.id, consumerKey: required(request, 'client_id') }) }
        : {}),
      scope: type === REFRESHABLE ? 'refresh_token api web' : 'api web',
      instance_url: origin,
      id: `${origin}/id/${deps.info.orgId}/${user.id}`,
      token_type: 'Bearer',
      issued_at: String(deps.clock.now()),
    },
  };
};
