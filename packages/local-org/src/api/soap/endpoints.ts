/** The SOAP endpoints: login and logout, executeAnonymous, and the Metadata API. Other methods are refused by name. */
import { endSession, useSession } from '../auth/sessions.ts';
import type { Answer } from '../call.ts';
import type { OpenEndpoint, OpenRequest } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import { admit } from '../serving.ts';
import { requireUserPermission, type UserPermission } from '../validations/user-permission.ts';
import type { ApiState } from '../state.ts';
import type { ApiDeps } from '../types.ts';
import { element, envelope, fault, readEnvelope, type SoapRequest } from './envelope.ts';
import {
  APEX,
  executeAnonymous,
  login,
  PARTNER,
  checkDeployStatus,
  deploy,
  listMetadata,
  METADATA,
} from './operations.ts';

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

type Method = (deps: ApiDeps, userId: string, soap: SoapRequest) => Answer;

interface Service {
  namespace: string;
  /** What a user needs to call it. */
  permission: UserPermission;
  methods: Record<string, Method>;
}

/** An API whose methods need a session and count as API requests. */
const inSession =
  (state: ApiState, { namespace, permission, methods }: Service) =>
  ({ deps, request }: OpenRequest): Answer => {
    const soap = readEnvelope(request.body);
    if (!soap) return notSoap(namespace);
    const session = useSession(deps, soap.sessionId ?? '');
    if (!session) return expired(namespace);
    const method = methods[soap.method];
    try {
      admit(deps, state);
      if (!method) return notSupported(namespace, soap);
      requireUserPermission(deps.store, session.userId, permission);
      return method(deps, session.userId, soap);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return fault(namespace, error.errors[0]!.errorCode, error.errors[0]!.message);
    }
  };

export const soapEndpoints = (state: ApiState): OpenEndpoint[] => {
  const at = (path: string, run: OpenEndpoint['run']): OpenEndpoint => ({
    access: 'open',
    methods: ['POST'],
    path,
    run,
  });
  const apex = inSession(state, { namespace: APEX, permission: 'AuthorApex', methods: { executeAnonymous } });
  const metadata = inSession(state, {
    namespace: METADATA,
    permission: 'ModifyAllData',
    methods: { deploy, checkDeployStatus, listMetadata },
  });
  return [
    at('/services/Soap/u/:version', partner),
    at('/services/Soap/u/:version/*', partner),
    at('/services/Soap/s/:version', apex),
    at('/services/Soap/s/:version/*', apex),
    at('/services/Soap/m/:version', metadata),
    at('/services/Soap/m/:version/*', metadata),
  ];
};
