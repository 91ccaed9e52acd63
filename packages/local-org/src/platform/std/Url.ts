/** System.Url. */
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { apexException, NativeObject } from '../values/index.ts';
import { present } from './shared/arguments.ts';

const DEFAULT_PORTS: Record<string, number> = { http: 80, https: 443, ftp: 21 };
const PARTS =
  /^([a-zA-Z][\w+.-]*):(?:\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;

export class UrlObject extends NativeObject {
  readonly protocol: string;
  readonly userInfo: string | null;
  readonly host: string;
  /** -1 when the text names none. */
  readonly port: number;
  readonly path: string;
  readonly query: string | null;
  readonly ref: string | null;

  constructor(spec: string) {
    super('Url');
    const match = PARTS.exec(spec.trim());
    if (!match) throw apexException('StringException', `no protocol: ${spec}`);
    this.protocol = match[1]!.toLowerCase();
    this.userInfo = match[2] ?? null;
    this.host = match[3] ?? '';
    this.port = match[4] === undefined ? -1 : Number(match[4]);
    this.path = match[5]!;
    this.query = match[6] ?? null;
    this.ref = match[7] ?? null;
  }

  get authority(): string {
    return `${this.userInfo === null ? '' : `${this.userInfo}@`}${this.host}${this.port < 0 ? '' : `:${this.port}`}`;
  }

  get file(): string {
    return this.query === null ? this.path : `${this.path}?${this.query}`;
  }

  override identity(): string {
    return this.toText();
  }

  override toText(): string {
    return `${this.protocol}:${this.host === '' ? '' : `//${this.authority}`}${this.file}${this.ref === null ? '' : `#${this.ref}`}`;
  }
}

/** (spec), (context, spec), (protocol, host, file), (protocol, host, port, file) */
const create = (...args: (string | number | UrlObject | null)[]): UrlObject => {
  const [first, second, third, fourth] = args;
  if (args.length === 1) return new UrlObject(present(first as string));
  if (args.length === 2)
    return new UrlObject(new URL(present(second as string), present(first as UrlObject).toText()).href);
  const [port, file] = args.length === 4 ? [`:${third as number}`, fourth as string] : ['', third as string];
  return new UrlObject(`${first as string}://${second as string}${port}${present(file)}`);
};

const factory: StdFactory = ($) => ({
  name: 'Url',
  create: (_types, ...args) => create(...(args as (string | null)[])),
  s: {
    getorgdomainurl: () => new UrlObject(($ as PlatformRuntime).services.orgUrl()),
    getsalesforcebaseurl: () => new UrlObject(($ as PlatformRuntime).services.orgUrl()),
  },
  m: {
    getauthority: (self: UrlObject) => self.authority,
    getdefaultport: (self: UrlObject) => DEFAULT_PORTS[self.protocol] ?? -1,
    getfile: (self: UrlObject) => self.file,
    gethost: (self: UrlObject) => self.host,
    getpath: (self: UrlObject) => self.path,
    getport: (self: UrlObject) => self.port,
    getprotocol: (self: UrlObject) => self.protocol,
    getquery: (self: UrlObject) => self.query,
    getref: (self: UrlObject) => self.ref,
    getuserinfo: (self: UrlObject) => self.userInfo,
    samefile: (self: UrlObject, other: UrlObject | null) =>
      present(other).toText().split('#')[0] === self.toText().split('#')[0],
    toexternalform: (self: UrlObject) => self.toText(),
    tostring: (self: UrlObject) => self.toText(),
  },
});

export default factory;
