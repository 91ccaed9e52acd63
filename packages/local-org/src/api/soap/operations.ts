/** What is served by SOAP: login, anonymous Apex, deployments. */
import { timingSafeEqual } from 'node:crypto';
import { openSession } from '../auth/sessions.ts';
import { userByName } from '../auth/users.ts';
import type { Answer } from '../call.ts';
import { deployOptions, type GivenOptions } from '../deployments/request.ts';
import { describedResult, type Body } from '../deployments/result.ts';
import { apiError } from '../errors.ts';
import type { ApiDeps } from '../types.ts';
import { element, envelope, fault, type SoapRequest, type SoapElement } from './envelope.ts';

/** The partner API's login: username and password for a session. */
export const PARTNER = 'urn:partner.soap.sforce.com';

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

export const login = (deps: ApiDeps, request: SoapRequest, serverUrl: string): Answer => {
  const user = userByName(deps.store, request.parameter('username') ?? '');
  const expected = user && deps.passwords?.[user.username];
  if (!expected || !sameText(expected, request.parameter('password') ?? '')) {
    return fault(PARTNER, 'INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  }
  const value = (field: string): string => {
    const stored = user.values.get(field);
    return typeof stored === 'string' ? stored : '';
  };
  const userInfo = [
    element('organizationId', deps.info.orgId),
    element('organizationMultiCurrency', false),
    element('profileId', value('ProfileId')),
    element('userEmail', value('Email')),
    element('userFullName', value('Name')),
    element('userId', user.id),
    element('userLanguage', value('LanguageLocaleKey')),
    element('userLocale', value('LocaleSidKey')),
    element('userName', user.username),
    element('userTimeZone', value('TimeZoneSidKey')),
    element('userType', 'Standard'),
  ].join('');
  const result = [
    element('metadataServerUrl', serverUrl.replace('/Soap/u/', '/Soap/m/')),
    element('passwordExpired', false),
    element('sandbox', false),
    element('serverUrl', serverUrl),
    element('sessionId', openSession(deps, user.id)),
    element('userId', user.id),
    `<userInfo>${userInfo}</userInfo>`,
  ].join('');
  return envelope(200, PARTNER, `<loginResponse><result>${result}</result></loginResponse>`);
};

/** The Apex SOAP API's executeAnonymous, which answers the debug log with the result. */
export const APEX = 'http://soap.sforce.com/2006/08/apex';

/** The platform's word for a result without a place in the source. */
const NO_PLACE = -1;

export const executeAnonymous = (deps: ApiDeps, userId: string, request: SoapRequest): Answer => {
  const code = request.parameter('String') ?? request.parameter('apexcode') ?? '';
  const run = deps.apex.executeAnonymous(code, userId);
  const failed = !run.success;
  const result = [
    element('column', failed ? run.column : NO_PLACE),
    element('compileProblem', run.compileProblem),
    element('compiled', run.compiled),
    element('exceptionMessage', run.exceptionMessage),
    element('exceptionStackTrace', run.exceptionStackTrace),
    element('line', failed ? run.line : NO_PLACE),
    element('success', run.success),
  ].join('');
  const header = `<DebuggingInfo>${element('debugLog', run.log)}</DebuggingInfo>`;
  return envelope(200, APEX, `<executeAnonymousResponse><result>${result}</result></executeAnonymousResponse>`, header);
};

/** The Metadata API: deploy, checkDeployStatus and listMetadata. */
export const METADATA = 'http://soap.sforce.com/2006/04/metadata';

const TEXT = '#text';

export const deploy = (deps: ApiDeps, userId: string, request: SoapRequest): Answer => {
  const zip = request.parameter('ZipFile');
  if (!zip) throw apiError('REQUIRED_FIELD_MISSING', 'deploy needs a ZipFile');
  const options = deployOptions(optionsOf(request.element('DeployOptions')), deps.deployments.production);
  const id = deps.deployments.deploy({ zip: Buffer.from(zip, 'base64'), options }, userId);
  return answer('deploy', { done: false, id, state: 'Queued' });
};

export const checkDeployStatus = (deps: ApiDeps, _userId: string, request: SoapRequest): Answer => {
  const includeDetails = request.parameter('includeDetails') === 'true';
  return answer('checkDeployStatus', describedResult(deps, request.parameter('asyncProcessId') ?? '', includeDetails));
};

/** Metadata API Developer Guide, listMetadata(): a call may name three types. */
const MAX_QUERIES = 3;

/** Whoever made a component is not kept: the caller stands for them. */
export const listMetadata = (deps: ApiDeps, userId: string, request: SoapRequest): Answer => {
  const queries = request.elements('queries');
  if (queries.length > MAX_QUERIES)
    throw apiError('INVALID_TYPE', `listMetadata takes ${MAX_QUERIES} queries at most, not ${queries.length}`);
  const results = queries.flatMap(({ type }) =>
    typeof type === 'string' ? deps.deployments.components(type).map((component) => ({ ...component, type })) : [],
  );
  const now = new Date(deps.clock.now()).toISOString();
  const properties = results.map(({ fullName, fileName, type }): Body => ({
    createdById: userId,
    createdDate: now,
    fileName: `unpackaged/${fileName}`,
    fullName,
    lastModifiedById: userId,
    lastModifiedDate: now,
    manageableState: 'unmanaged',
    type,
  }));
  const body = properties.map((each) => `<result>${write(each)}</result>`).join('');
  return envelope(200, METADATA, `<listMetadataResponse>${body}</listMetadataResponse>`);
};

const optionsOf = (given: SoapElement | null): GivenOptions =>
  given === null ? {} : Object.fromEntries(Object.entries(given).filter(([name]) => name !== TEXT));

const answer = (method: string, result: Body): Answer =>
  envelope(200, METADATA, `<${method}Response><result>${write(result)}</result></${method}Response>`);

const write = (body: Body): string =>
  Object.entries(body)
    .flatMap(([name, value]) => [value ?? []].flat().map((each) => [name, each] as const))
    .map(([name, value]) => (typeof value === 'object' ? `<${name}>${write(value)}</${name}>` : element(name, value)))
    .join('');
