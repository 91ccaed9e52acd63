/** Platform cache: Cache.Org and Cache.Session, their partitions. Values are kept as JSON with their type. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, NativeFunction, Runtime, StdFactory } from '../types.ts';
import { apexException, ApexSet, ApexType, NativeObject, typeNameOf } from '../values/index.ts';
import { Deserializer } from './json/deserialize.ts';
import { serialize } from './json/serialize.ts';
import { Tokenizer } from './json/tokens.ts';
import { readTree } from './json/tree.ts';
import { JsonWriter } from './json/writer.ts';
import { present } from './shared/arguments.ts';

type Scope = 'Org' | 'Session';

/** Seconds a value is kept when the caller does not say. Page: "Platform Cache Considerations". */
const DEFAULT_TTL: Record<Scope, number> = { Org: 86_400, Session: 28_800 };
const MAX_TTL: Record<Scope, number> = { Org: 172_800, Session: 28_800 };
const DEFAULT_PARTITION = 'local.default';

/** A partition; statics of Cache.Org and Cache.Session work on the default one. */
class Partition extends NativeObject {
  readonly scope: Scope;
  readonly partitionName: string;

  constructor(scope: Scope, partitionName: string) {
    super(`Cache.${scope}Partition`);
    this.scope = scope;
    this.partitionName = partitionName.includes('.') ? partitionName : `local.${partitionName}`;
  }

  get prefix(): string {
    return `${this.scope.toLowerCase()}.${this.partitionName}.`;
  }
}

/** `key`, or on the default partition also `namespace.partition.key`. */
const fullKey = (self: Partition, key: string | null): string => {
  const parts = present(key).split('.');
  const name = parts.at(-1)!;
  if (!/^[A-Za-z0-9]{1,50}$/.test(name)) throw apexException('Cache.InvalidParamException', `Invalid key: ${key}`);
  if (parts.length === 1) return self.prefix + name;
  return `${self.scope.toLowerCase()}.${key}`;
};

const pack = (value: Apex): string => {
  const writer = new JsonWriter(false);
  serialize(writer, value);
  return `${typeNameOf(value)}\n${writer.text}`;
};

const unpack = ($: Runtime, text: string | null): Apex => {
  if (text === null) return null;
  const split = text.indexOf('\n');
  const tokens = new Tokenizer(text.slice(split + 1));
  return new Deserializer($, tokens, { strict: false, untypedObjects: true }).read(
    readTree(tokens),
    text.slice(0, split),
  );
};

const methods = ($: PlatformRuntime): Record<string, NativeFunction> => ({
  get: (self: Partition, first: Apex, second?: string) => {
    if (!(first instanceof ApexType)) return unpack($, $.services.cache.get(fullKey(self, first as string | null)));
    return built($, self, first, present(second));
  },
  put: (self: Partition, key: string | null, value: Apex, ttl?: Apex) => {
    const seconds = typeof ttl === 'number' ? ttl : DEFAULT_TTL[self.scope];
    if (seconds < 1 || seconds > MAX_TTL[self.scope])
      throw apexException('Cache.InvalidParamException', `Invalid time to live: ${seconds}`);
    $.services.cache.put(fullKey(self, key), pack(present(value)), seconds);
  },
  contains: (self: Partition, key: string | null) => $.services.cache.get(fullKey(self, key)) !== null,
  remove: (self: Partition, key: string | null) => $.services.cache.remove(fullKey(self, key)),
  getkeys: (self: Partition) =>
    new ApexSet(
      'String',
      $.services.cache.keys(self.prefix).map((key) => key.slice(self.prefix.length)),
    ),
  getname: (self: Partition) => self.partitionName,
});

/** get(CacheBuilder.class, key): what the builder loads is kept under its class and key. */
const built = ($: PlatformRuntime, self: Partition, builder: ApexType, key: string): Apex => {
  const stored = `${self.prefix}${builder.ref}_${key}`;
  const kept = $.services.cache.get(stored);
  if (kept !== null) return unpack($, kept);
  const value: Apex = $.call($.services.instantiate(builder.ref), 'doLoad', [key]);
  if (value !== null) $.services.cache.put(stored, pack(value), DEFAULT_TTL[self.scope]);
  return value;
};

const partitionFactory =
  (scope: Scope): StdFactory =>
  ($) => ({
    name: `Cache.${scope}Partition`,
    create: (_types, name: string | null) => new Partition(scope, present(name)),
    m: methods($ as PlatformRuntime),
  });

const scopeFactory =
  (scope: Scope): StdFactory =>
  ($) => ({
    name: `Cache.${scope}`,
    s: {
      ...Object.fromEntries(
        Object.entries(methods($ as PlatformRuntime)).map(([name, method]): [string, NativeFunction] => [
          name,
          (...args) => method(new Partition(scope, DEFAULT_PARTITION), ...args),
        ]),
      ),
      getpartition: (name: string | null) => new Partition(scope, present(name)),
      ...(scope === 'Session' ? { isavailable: () => true } : {}),
    },
  });

/** Keyed by lower-cased catalogue name. */
export const cacheTypes: Record<string, StdFactory> = {
  'cache.org': scopeFactory('Org'),
  'cache.session': scopeFactory('Session'),
  'cache.orgpartition': partitionFactory('Org'),
  'cache.sessionpartition': partitionFactory('Session'),
};
