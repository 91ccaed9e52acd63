/** System.HttpRequest. */
import type { StdFactory } from '../types.ts';
import { apexException } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { HttpMessage, messageMethods } from './shared/http-message.ts';

/** Page "HttpRequest Class": default and largest time-out in milliseconds. */
const DEFAULT_TIMEOUT = 10_000;
const MAX_TIMEOUT = 120_000;

export class HttpRequestObject extends HttpMessage {
  endpoint: string | null = null;
  method: string | null = null;
  compressed = false;
  timeout = DEFAULT_TIMEOUT;

  constructor() {
    super('HttpRequest');
  }

  override toText(): string {
    return `System.HttpRequest[Endpoint=${this.endpoint}, Method=${this.method}]`;
  }
}

const setTimeout = (self: HttpRequestObject, milliseconds: number): void => {
  if (present(milliseconds) < 1 || milliseconds > MAX_TIMEOUT)
    throw apexException('CalloutException', `Timeout must be between 1 and ${MAX_TIMEOUT}`);
  self.timeout = milliseconds;
};

const factory: StdFactory = () => ({
  name: 'HttpRequest',
  create: () => new HttpRequestObject(),
  m: {
    ...messageMethods,
    getendpoint: (self: HttpRequestObject) => self.endpoint,
    setendpoint: (self: HttpRequestObject, endpoint: string | null) => void (self.endpoint = present(endpoint)),
    getmethod: (self: HttpRequestObject) => self.method,
    setmethod: (self: HttpRequestObject, method: string | null) => void (self.method = present(method)),
    getcompressed: (self: HttpRequestObject) => self.compressed,
    setcompressed: (self: HttpRequestObject, compressed: boolean | null) =>
      void (self.compressed = present(compressed)),
    settimeout: setTimeout,
  },
});

export default factory;
