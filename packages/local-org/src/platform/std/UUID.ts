/** System.UUID. */
import { randomUuid } from 'kernel/random.ts';
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { apexException, hashOf, NativeObject, sameKey } from '../values/index.ts';
import { present } from './shared/arguments.ts';

export class UuidObject extends NativeObject {
  readonly text: string;

  constructor(text: string) {
    super('UUID');
    this.text = text;
  }

  override identity(): string {
    return this.text;
  }

  override toText(): string {
    return this.text;
  }
}

const parse = (text: string): UuidObject => {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw apexException('IllegalArgumentException', `Invalid UUID string: ${text}`);
  return new UuidObject(text.toLowerCase());
};

const factory: StdFactory = ($) => ({
  name: 'UUID',
  s: {
    randomuuid: () => new UuidObject(randomUuid({ next: () => ($ as PlatformRuntime).services.random() })),
    fromstring: (text: string | null) => parse(present(text)),
  },
  m: { tostring: (self: UuidObject) => self.text, equals: sameKey, hashcode: hashOf },
});

export default factory;
