/** System.Http. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, StdFactory } from '../types.ts';
import { apexException, NativeObject } from '../values/index.ts';
import type { HttpRequestObject } from './HttpRequest.ts';
import { responseOf } from './HttpResponse.ts';
import { present } from './shared/arguments.ts';

const MOCK = 'httpcalloutmock';

/** In a test the mock answers, and there must be one. */
const mocked = ($: PlatformRuntime, request: HttpRequestObject): Apex => {
  const mock: Apex = $.services.test!.mock(MOCK);
  if (mock === null)
    throw apexException('TypeException', 'Methods defined as TestMethod do not support Web service callouts');
  $.services.countCallout();
  return $.call(mock, 'respond', [request]);
};

const send = ($: PlatformRuntime, request: HttpRequestObject): Apex => {
  if (request.endpoint === null) throw apexException('CalloutException', 'The endpoint of the request is not set.');
  if (request.method === null) throw apexException('CalloutException', 'The method of the request is not set.');
  if ($.services.test !== null) return mocked($, request);
  const { method, endpoint, timeout } = request;
  return responseOf(
    $.services.callout({ method, endpoint, timeout, headers: request.headers(), body: request.body.bytes }),
  );
};

const factory: StdFactory = ($) => ({
  name: 'Http',
  create: () => new NativeObject('Http'),
  m: { send: (_self: NativeObject, request: HttpRequestObject | null) => send($ as PlatformRuntime, present(request)) },
});

export default factory;
