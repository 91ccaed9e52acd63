/** System.StaticResourceCalloutMock: answers callouts of a test with a static resource. */
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { ApexBlob, apexException, NativeObject } from '../values/index.ts';
import { HttpResponseObject } from './HttpResponse.ts';
import { present } from './shared/arguments.ts';

export class ResourceMock extends NativeObject {
  readonly #runtime: PlatformRuntime;
  readonly headers: [string, string][] = [];
  resource: string | null = null;
  status: string | null = null;
  statusCode = 0;

  constructor($: PlatformRuntime) {
    super('StaticResourceCalloutMock');
    this.#runtime = $;
  }

  respond$1(): HttpResponseObject {
    const content = this.#runtime.services.test?.staticResource(this.resource ?? '') ?? null;
    if (content === null) throw apexException('CalloutException', `Static resource not found: ${this.resource}`);
    const response = new HttpResponseObject();
    response.body = new ApexBlob(content);
    response.status = this.status;
    response.statusCode = this.statusCode;
    for (const [name, value] of this.headers) response.setHeader(name, value);
    return response;
  }
}

const factory: StdFactory = ($) => ({
  name: 'StaticResourceCalloutMock',
  create: () => new ResourceMock($ as PlatformRuntime),
  m: {
    respond: (self: ResourceMock) => self.respond$1(),
    setstaticresource: (self: ResourceMock, name: string | null) => void (self.resource = present(name)),
    setstatus: (self: ResourceMock, status: string | null) => void (self.status = status),
    setstatuscode: (self: ResourceMock, code: number) => void (self.statusCode = code),
    setheader: (self: ResourceMock, name: string | null, value: string | null) =>
      void self.headers.push([present(name), present(value)]),
  },
});

export default factory;
