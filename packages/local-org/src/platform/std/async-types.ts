/** AsyncOptions, AsyncInfo, QueueableDuplicateSignature, and the context objects of asynchronous work. */
import type { PlatformRuntime } from '../services.ts';
import type { NativeFunction, StdFactory } from '../types.ts';
import { apexException, NativeObject } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { Bag, bagProperties } from './shared/bag.ts';

/** Page "QueueableDuplicateSignature.Builder Class": bytes a signature may have. */
const MAX_SIGNATURE_BYTES = 3000;

/** What async code is handed: `$.call(job, 'execute', [new JobContext('QueueableContext', { getJobId: id })])`. */
export class JobContext extends NativeObject {
  [member: `${string}$0`]: () => unknown;

  constructor(apexType: string, values: Record<string, unknown>) {
    super(apexType);
    for (const [method, value] of Object.entries(values)) this[`${method.toLowerCase()}$0`] = () => value;
  }
}

const options: StdFactory = () => ({
  name: 'AsyncOptions',
  create: () => new Bag('AsyncOptions'),
  p: bagProperties('DuplicateSignature', 'MaximumQueueableStackDepth', 'MinimumQueueableDelayInMinutes'),
});

const info: StdFactory = ($) => {
  const depth = (): { current: number; maximum: number } => {
    const found = ($ as PlatformRuntime).services.async.depth();
    if (found === null) throw apexException('AsyncException', 'AsyncInfo is available only in queueable jobs.');
    return found;
  };
  return {
    name: 'AsyncInfo',
    s: {
      getcurrentqueueablestackdepth: () => depth().current,
      getmaximumqueueablestackdepth: () => depth().maximum,
      hasmaxstackdepth: () => (($ as PlatformRuntime).services.async.depth()?.maximum ?? 0) > 0,
    },
  };
};

class Signature extends NativeObject {
  readonly parts: string[] = [];

  get size(): number {
    return Buffer.byteLength(this.parts.join('|'));
  }

  override toText(): string {
    return this.parts.join('|');
  }
}

const add: NativeFunction = (self: Signature, part: string | number | null) => {
  self.parts.push(String(present(part)));
  if (self.size > MAX_SIGNATURE_BYTES)
    throw apexException('IllegalArgumentException', `The signature is longer than ${MAX_SIGNATURE_BYTES} bytes.`);
  return self;
};

const builder: StdFactory = () => ({
  name: 'QueueableDuplicateSignature.Builder',
  create: () => new Signature('QueueableDuplicateSignature.Builder'),
  m: {
    addid: add,
    addinteger: add,
    addstring: add,
    build: (self: Signature) => Object.assign(new Signature('QueueableDuplicateSignature'), { parts: [...self.parts] }),
    getsize: (self: Signature) => self.size,
    getmaxsize: () => MAX_SIGNATURE_BYTES,
    getremainingsize: (self: Signature) => MAX_SIGNATURE_BYTES - self.size,
  },
});

const signature: StdFactory = () => ({
  name: 'QueueableDuplicateSignature',
  m: { tostring: (self: Signature) => self.toText() },
});

/** Keyed by lower-cased catalogue name. */
export const asyncTypes: Record<string, StdFactory> = {
  asyncoptions: options,
  asyncinfo: info,
  queueableduplicatesignature: signature,
  'queueableduplicatesignature.builder': builder,
};
