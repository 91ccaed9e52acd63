/** What HttpRequest and HttpResponse share: headers that regard no case, and a body. */
import type { TypeRef } from '../../../compiler/types.ts';
import type { NativeFunction } from '../../types.ts';
import { ApexBlob, NativeObject } from '../../values/index.ts';
import { present } from './arguments.ts';

export class HttpMessage extends NativeObject {
  readonly #headers = new Map<string, { name: string; value: string }>();
  body = new ApexBlob(new Uint8Array());

  constructor(apexType: TypeRef) {
    super(apexType);
  }

  override held(): readonly unknown[] {
    return [this.body];
  }

  header(name: string): string | null {
    return this.#headers.get(name.toLowerCase())?.value ?? null;
  }

  setHeader(name: string, value: string): void {
    this.#headers.set(name.toLowerCase(), { name, value });
  }

  /** Names as they were given. */
  headerNames(): string[] {
    return Array.from(this.#headers.values(), ({ name }) => name);
  }

  headers(): Record<string, string> {
    return Object.fromEntries(Array.from(this.#headers.values(), ({ name, value }) => [name, value]));
  }
}

/** Bytes that are not UTF-8 show replacement characters. */
const text = (self: HttpMessage): string => self.body.text() ?? Buffer.from(self.body.bytes).toString('utf8');

export const messageMethods: Record<string, NativeFunction> = {
  getbody: text,
  getbodyasblob: (self: HttpMessage) => self.body,
  getheader: (self: HttpMessage, name: string | null) => self.header(present(name)),
  setbody: (self: HttpMessage, body: string | null) => void (self.body = ApexBlob.fromString(present(body))),
  setbodyasblob: (self: HttpMessage, body: ApexBlob | null) => void (self.body = present(body)),
  setheader: (self: HttpMessage, name: string | null, value: string | null) =>
    self.setHeader(present(name), value ?? ''),
  tostring: (self: HttpMessage) => self.toText(),
};
