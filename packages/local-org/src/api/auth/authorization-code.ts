/** The code that a scratch org's signup leaves for the client that asked for the org: good for one session. */
import type { ApiDeps } from '../types.ts';
import { OAuthError } from './oauth-error.ts';

const KIND = 'api-used-authorization-code';

/** The username that the code stands for. Throws OAuthError when it is not, or no longer, valid. */
export const redeemAuthorizationCode = (
  { authorizations = [], store }: ApiDeps,
  { code, clientId, redirectUri }: { code: string; clientId: string; redirectUri: string },
): string => {
  const found = authorizations.find((authorization) => authorization.code === code);
  if (!found) throw new OAuthError('invalid_grant', 'invalid authorization code');
  if (found.consumerKey !== clientId) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  if (found.callbackUrl !== redirectUri) {
    throw new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  if (store.state.get(KIND, code) !== null) throw new OAuthError('invalid_grant', 'expired authorization code');
  store.state.put(KIND, code, '');
  return found.username;
};
