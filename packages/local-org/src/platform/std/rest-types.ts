/** System.RestContext, RestRequest and RestResponse. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, StdFactory, StdType } from '../types.ts';
import { ApexMap } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { Bag, bagProperties } from './shared/bag.ts';

const strings = (): ApexMap => new ApexMap('String', 'String');

/** For the dispatcher of Apex REST, and `new RestRequest()`. */
export const newRestRequest = (): Bag => new Bag('RestRequest', { headers: strings(), params: strings() });
export const newRestResponse = (): Bag => new Bag('RestResponse', { headers: strings() });

const adds =
  (property: string) =>
  (self: Bag, name: string | null, value: string | null): void =>
    void (self.values[property] as ApexMap).put(present(name), value);

const request: StdFactory = () => ({
  name: 'RestRequest',
  create: newRestRequest,
  m: { addheader: adds('headers'), addparameter: adds('params') },
  p: bagProperties('headers', 'httpMethod', 'params', 'remoteAddress', 'requestBody', 'requestURI', 'resourcePath'),
});

const response: StdFactory = () => ({
  name: 'RestResponse',
  create: newRestResponse,
  m: { addheader: adds('headers') },
  p: bagProperties('headers', 'responseBody', 'statusCode'),
});

const context: StdFactory = ($) => {
  const property = (name: 'request' | 'response'): NonNullable<StdType['sp']>[string] => ({
    get: (): Apex => ($ as PlatformRuntime).services.rest[name],
    set: (value: Apex) => void (($ as PlatformRuntime).services.rest[name] = value),
  });
  return { name: 'RestContext', sp: { request: property('request'), response: property('response') } };
};

/** Keyed by lower-cased catalogue name. */
export const restTypes: Record<string, StdFactory> = {
  restcontext: context,
  restrequest: request,
  restresponse: response,
};
