/** The Metadata API: deploy and checkDeployStatus. */
import type { Answer } from '../call.ts';
import { deployOptions, type GivenOptions } from '../deployments/request.ts';
import { describedResult, type Body } from '../deployments/result.ts';
import { apiError } from '../errors.ts';
import type { ApiDeps } from '../types.ts';
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
  const includeDetails = request.parameter('includeDetails') === 'true';
  return answer('checkDeployStatus', describedResult(deps, request.parameter('asyncProcessId') ?? '', includeDetails));
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
