/** The SOAP endpoints: login, logout and executeAnonymous. Other methods are refused by name. */
import { endSession, useSession } from '../auth/sessions.ts';
import type { Answer } from '../call.ts';
import type { OpenEndpoint, OpenRequest } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import { admit } from '../serving.ts';
import type { ApiState } from '../state.ts';
import { element, envelope, fault, readEnvelope, type SoapRequest } from './envelope.ts';
import { APEX, executeAnonymous } from './execute-anonymous.ts';
import { login, PARTNER } from './login.ts';

const notSoap = (namespace: string): Answer =>
  fault(namespace, 'UNKNOWN_EXCEPTION', 'The request is not a SOAP message');

const notSupported = (namespace: string, { method }: SoapRequest): Answer =>
  fault(namespace, 'UNSUPPORTED_API_VERSION', `the SOAP method ${method} is not supported by the local org`);

const partner = ({ deps, request, url, origin }: OpenRequest): Answer => {
  const soap = readEnvelope(request.body);
  if (!soap) return notSoap(PARTNER);
  if (soap.method === 'login') return login(deps, soap, `${origin}${url.split('?')[0]}/${deps.info.orgId}`);
  const ended = soap.method === 'logout' && endSession(deps, soap.sessionId ?? '');
  if (ended) return envelope(200, PARTNER, element('logoutResponse', ''));
  return soap.method === 'logout' ? expired(PARTNER) : notSupported(PARTNER, soap);
};

const expired = (namespace: string): Answer =>
  fault(namespace, 'INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: session not found or expired');

const apex =
  (state: ApiState) =>
  ({ deps, request }: OpenRequest): Answer => {
    const soap = readEnvelope(request.body);
    if (!soap) return notSoap(APEX);
    const session = useSession(deps, soap.sessionId ?? '');
    if (!session) return expired(APEX);
    try {
      admit(deps, state);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return fault(APEX, error.errors[0]!.errorCode, error.errors[0]!.message);
    }
    return soap.method === 'executeAnonymous' ? executeAnonymous(deps, session.userId, soap) : notSupported(APEX, soap);
  };

export const soapEndpoints = (state: ApiState): OpenEndpoint[] => {
  const at = (path: string, run: OpenEndpoint['run']): OpenEndpoint => ({
    access: 'open',
    methods: ['POST'],
    path,
    run,
  });
  const runApex = apex(state);
  return [
    at('/services/Soap/u/:version', partner),
    at('/services/Soap/u/:version/*', partner),
    at('/services/Soap/s/:version', runApex),
    at('/services/Soap/s/:version/*', runApex),
  ];
};
