/** The Metadata API: deploy and checkDeployStatus. */
import type { Answer } from '../call.ts';
import { deployOptions, type GivenOptions } from '../deployments/options.ts';
import { resultBody, type Body } from '../deployments/result-body.ts';
import { apiError } from '../errors.ts';
import type { ApiDeps } from '../types.ts';
import { userById } from '../auth/users.ts';
import { element, envelope, type SoapElement, type SoapRequest } from './envelope.ts';

export const METADATA = 'http://soap.sforce.com/2006/04/metadata';

const TEXT = '#text';

export const deploy = (deps: ApiDeps, userId: string, request: SoapRequest): Answer => {
  const zip = request.parameter('ZipFile');
  if (!zip) throw apiError('REQUIRED_FIELD_MISSING', 'deploy needs a ZipFile');
  const options = deployOptions(optionsOf(request.element('DeployOptions')));
  const id = deps.deployments.deploy({ zip: Buffer.from(zip, 'base64'), options }, userId);
  return answer('deploy', { done: false, id, state: 'Queued' });
};

export const checkDeployStatus = (deps: ApiDeps, _userId: string, request: SoapRequest): Answer => {
  const id = request.parameter('asyncProcessId') ?? '';
  const result = deps.deployments.result(id);
  if (!result)
    throw apiError('INVALID_CROSS_REFERENCE_KEY', `invalid cross reference id: no deployment has the id ${id}`);
  const user = userById(deps.store, result.userId);
  const name = String(user?.values.get('Name') ?? '');
  return answer('checkDeployStatus', resultBody(result, name, request.parameter('includeDetails') === 'true'));
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
