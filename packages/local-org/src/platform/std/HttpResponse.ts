/** System.HttpResponse. */
import type { CalloutResponse } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { ApexBlob, ApexList } from '../values/index.ts';
import { HttpMessage, messageMethods } from './shared/http-message.ts';

export class HttpResponseObject extends HttpMessage {
  status: string | null = null;
  statusCode = 0;

  constructor() {
    super('HttpResponse');
  }

  override toText(): string {
    return `System.HttpResponse[Status=${this.status}, StatusCode=${this.statusCode}]`;
  }
}

export const responseOf = (answer: CalloutResponse): HttpResponseObject => {
  const response = new HttpResponseObject();
  response.status = answer.statusText;
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.body = new ApexBlob(answer.body);
  return response;
};

const factory: StdFactory = () => ({
  name: 'HttpResponse',
  create: () => new HttpResponseObject(),
  m: {
    ...messageMethods,
    getheaderkeys: (self: HttpResponseObject) => new ApexList('String', self.headerNames()),
    getstatus: (self: HttpResponseObject) => self.status,
    setstatus: (self: HttpResponseObject, status: string | null) => void (self.status = status),
    getstatuscode: (self: HttpResponseObject) => self.statusCode,
    setstatuscode: (self: HttpResponseObject, code: number) => void (self.statusCode = code),
  },
});

export default factory;
