/** A runtime without an org: enough of `$` and its services for one type of the library at a time. */
import type { FieldSchema, FieldType, ObjectSchema, Schema } from '../../../src/store/types.ts';
import type { PlatformRuntime, Services, UserDetails } from '../../../src/platform/services.ts';
import { createStd } from '../../../src/platform/std/index.ts';
import {
  ApexDatetime,
  ApexList,
  ApexMap,
  ApexSet,
  ApexType,
  Decimal,
  SObject,
  SObjectFieldToken,
  SObjectTypeToken,
} from '../../../src/platform/values/index.ts';
import { seededRandom } from 'kernel/random.ts';

type Any = any;
type Call = (...args: Any[]) => Any;
/** Members by Apex name; those that every JavaScript object has are named, so that they are not taken for its own. */
export type Members = Record<string, Call> & { valueOf: Call; toString: Call };

/** 2026-11-21 07:30:00 in UTC. */
export const NOW = Date.UTC(2026, 10, 21, 7, 30);

export const USER: UserDetails = {
  id: '005000000000001AAA',
  username: 'ada@example.com',
  name: 'Ada Byron',
  firstName: 'Ada',
  lastName: 'Byron',
  email: 'ada@example.com',
  profileId: '00e000000000001AAA',
  roleId: null,
  userType: 'Standard',
  locale: 'en_US',
  language: 'en_US',
  timeZone: 'America/New_York',
  organizationId: '00D000000000001AAA',
  organizationName: 'Widgets',
  defaultCurrency: 'USD',
  multiCurrency: false,
  sessionId: null,
};

const field = (name: string, type: FieldType, more: Partial<FieldSchema> = {}): [string, FieldSchema] => [
  name.toLowerCase(),
  {
    name,
    label: name,
    type,
    custom: name.endsWith('__c'),
    required: false,
    unique: false,
    caseSensitive: false,
    externalId: false,
    idLookup: type === 'id',
    createable: type !== 'id',
    updateable: type !== 'id',
    calculated: false,
    nameField: name === 'Name',
    ...more,
  },
];

const object = (
  name: string,
  keyPrefix: string,
  fields: [string, FieldSchema][],
  more: Partial<ObjectSchema> = {},
): ObjectSchema => ({
  name,
  label: name,
  labelPlural: `${name}s`,
  keyPrefix,
  kind: 'standard',
  createable: true,
  updateable: true,
  deletable: true,
  undeletable: true,
  queryable: true,
  mergeable: false,
  triggerable: true,
  fields: new Map(fields),
  validationRules: [],
  childRelationships: new Map(),
  ...more,
});

const OBJECTS = [
  object(
    'Account',
    '001',
    [
      field('Id', 'id'),
      field('Name', 'string', { length: 255, required: true }),
      field('AnnualRevenue', 'currency', { precision: 18, scale: 0 }),
    ],
    { childRelationships: new Map([['cases', { name: 'Cases', object: 'Case', field: 'AccountId' }]]) },
  ),
  object('Case', '500', [
    field('Id', 'id'),
    field('CaseNumber', 'string', { autoNumber: { format: '{00000000}', start: 1 } }),
    field('Subject', 'string', { length: 255 }),
    field('Status', 'picklist', {
      picklist: [
        { value: 'New', label: 'Neu', default: true },
        { value: 'Closed', label: 'Closed' },
        { value: 'Old', label: 'Old', active: false },
      ],
    }),
    field('IsEscalated', 'boolean'),
    field('AccountId', 'reference', {
      referenceTo: ['Account'],
      relationshipName: 'Account',
      childRelationshipName: 'Cases',
    }),
    field('Reported_At__c', 'datetime'),
    field('Due_Date__c', 'date'),
    field('Latitude__c', 'double', { precision: 9, scale: 6 }),
    field('CreatedDate', 'datetime', { createable: false, updateable: false }),
  ]),
  object('Setting__mdt', 'm00', [field('Id', 'id'), field('DeveloperName', 'string'), field('Grace__c', 'double')], {
    kind: 'customMetadata',
  }),
  object('Control__c', 'a00', [field('Id', 'id'), field('SetupOwnerId', 'reference'), field('On__c', 'boolean')], {
    kind: 'customSetting',
    customSettingsType: 'Hierarchy',
  }),
];

const schema: Schema = {
  objects: new Map(OBJECTS.map((entry) => [entry.name.toLowerCase(), entry])),
  byKeyPrefix: new Map(OBJECTS.map((entry) => [entry.keyPrefix, entry])),
};

export interface FakeOptions {
  services?: Partial<Services>;
  user?: Partial<UserDetails>;
  classes?: Record<string, Any>;
}

/** The runtime, with whatever services a test replaces. Services a test does not replace and that would need an org throw. */
export const fakeRuntime = ({ services = {}, user = {}, classes = {} }: FakeOptions = {}): PlatformRuntime => {
  const random = seededRandom(7);
  const known: Partial<Services> = {
    now: () => NOW,
    random: () => random.next(),
    user: () => ({ ...USER, ...user }),
    schema: () => schema,
    may: { object: () => true, field: () => true, custom: () => false },
    test: null,
    request: {
      requestId: 'TX',
      quiddity: 'ANONYMOUS',
      isBatch: false,
      isFuture: false,
      isQueueable: false,
      isScheduled: false,
    },
    rest: { request: null, response: null },
    eventTrigger: null,
    ...services,
  };
  const $: Any = {
    services: new Proxy(known, {
      get: (target, name) => {
        if (name in target) return target[name as keyof Services];
        throw new Error(`the fake runtime has no service ${String(name)}`);
      },
    }),
    spend: () => {},
    call: (target: Any, method: string, args: Any[]) => target[`${method.toLowerCase()}$${args.length}`](...args),
    cls: (name: string) => classes[name],
    newList: (type: string, items: Any[] = []) => new ApexList(type, items),
    newSet: (type: string, items: Any[] = []) => new ApexSet(type, items),
    newMap: (key: string, value: string, entries: [Any, Any][] = []) => new ApexMap(key, value, entries),
    newSObject: (type: string, fields: Record<string, Any> = {}) => new SObject(type, fields),
    sobjectType: (name: string) => new SObjectTypeToken(name),
    sobjectField: (type: string, name: string) => new SObjectFieldToken(type, name),
    typeOf: (type: string) => new ApexType(type),
  };
  $.std = createStd($ as PlatformRuntime);
  return $ as PlatformRuntime;
};

/** Calls a static method: `statics('String').valueOf(1)`, in Apex spelling. */
export const statics = (type: string, $ = fakeRuntime()): Members =>
  members($.std[type.toLowerCase()]?.s ?? {}, `static of ${type}`);

/** Calls an instance method: `methods('String').left('abc', 2)`. */
export const methods = (type: string, $ = fakeRuntime()): Members =>
  members($.std[type.toLowerCase()]?.m ?? {}, `method of ${type}`);

const members = (table: Record<string, Call>, kind: string): Members =>
  new Proxy(table as Members, {
    get: (target, name) => {
      const member = target[String(name).toLowerCase()];
      if (!member) throw new Error(`${String(name)} is no ${kind}`);
      return member;
    },
  });

/** Decimal from text. */
export const dec = (text: string): Decimal => Decimal.parse(text)!;
export const list = (...items: Any[]): ApexList => new ApexList('Object', items);
/** Moment from ISO 8601. */
export const at = (iso: string): ApexDatetime => new ApexDatetime(Date.parse(iso));
