/**
 * The standard library: every implemented type of the platform.
 *
 * A member is looked up under the type that declares it in the catalogue: `getMessage` of every
 * exception is `exception.m.getmessage`, `hashCode` of what has none of its own `object.m.hashcode`.
 * Constants of enums are static properties (`$.std['logginglevel'].sp.debug.get()`), next to
 * `s.values` and `s.valueof`; all enum constants have the instance methods of `enum`. Custom metadata
 * and settings: `$.std['sobject'].s.getinstance(objectName, …)`, `getall`, `getvalues`, `getorgdefaults`.
 * Dynamic queries take the caller's local variables as an extra last argument, LocalBinds.
 */
import { meteredType } from './metered.ts';
import type { SupportedMembers } from '../../compiler/types.ts';
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory, StdType } from '../types.ts';
import { enums } from './enums.ts';
import { exceptions } from './exceptions.ts';
import { interfaces } from './interfaces.ts';
import { approvalTypes } from './approval-types.ts';
import { asyncTypes } from './async-types.ts';
import { cacheTypes } from './cache-types.ts';
import { datacloudTypes } from './datacloud-types.ts';
import { databaseTypes } from './database-types.ts';
import { eventBusTypes } from './event-bus-types.ts';
import { messagingTypes } from './messaging-types.ts';
import { queryLocatorTypes } from './query-locator-types.ts';
import { restTypes } from './rest-types.ts';
import { schemaTypes } from './schema-types.ts';
import { securityTypes } from './security-types.ts';
import { bareRuntime } from './shared/bare-runtime.ts';
import AccessLevelType from './AccessLevel.ts';
import AddressType from './Address.ts';
import AssertType from './Assert.ts';
import BlobType from './Blob.ts';
import BooleanType from './Boolean.ts';
import CryptoType from './Crypto.ts';
import DatabaseType from './Database.ts';
import DateType from './Date.ts';
import DatetimeType from './Datetime.ts';
import DecimalType from './Decimal.ts';
import DoubleType from './Double.ts';
import EncodingUtilType from './EncodingUtil.ts';
import EnumType from './Enum.ts';
import EventBusType from './EventBus.ts';
import FeatureManagementType from './FeatureManagement.ts';
import HttpType from './Http.ts';
import HttpRequestType from './HttpRequest.ts';
import HttpResponseType from './HttpResponse.ts';
import IdType from './Id.ts';
import IntegerType from './Integer.ts';
import JSONType from './JSON.ts';
import JSONGeneratorType from './JSONGenerator.ts';
import JSONParserType from './JSONParser.ts';
import LimitsType from './Limits.ts';
import ListType from './List.ts';
import LongType from './Long.ts';
import MapType from './Map.ts';
import MatcherType from './Matcher.ts';
import MathType from './Math.ts';
import ObjectType from './Object.ts';
import PatternType from './Pattern.ts';
import RequestType from './Request.ts';
import SObjectType from './SObject.ts';
import SetType from './Set.ts';
import StaticResourceCalloutMockType from './StaticResourceCalloutMock.ts';
import StringType from './String.ts';
import SystemType from './System.ts';
import TestType from './Test.ts';
import TimeType from './Time.ts';
import TimeZoneType from './TimeZone.ts';
import TypeType from './Type.ts';
import UUIDType from './UUID.ts';
import UrlType from './Url.ts';
import UserInfoType from './UserInfo.ts';

/** Lower-cased catalogue name to the factory of the type. */
export const registry: Readonly<Record<string, StdFactory>> = {
  ...enums,
  ...exceptions,
  ...interfaces,
  ...approvalTypes,
  ...asyncTypes,
  ...cacheTypes,
  ...databaseTypes,
  ...datacloudTypes,
  ...eventBusTypes,
  ...messagingTypes,
  ...queryLocatorTypes,
  ...restTypes,
  ...schemaTypes,
  ...securityTypes,
  accesslevel: AccessLevelType,
  address: AddressType,
  assert: AssertType,
  blob: BlobType,
  boolean: BooleanType,
  crypto: CryptoType,
  database: DatabaseType,
  date: DateType,
  datetime: DatetimeType,
  decimal: DecimalType,
  double: DoubleType,
  encodingutil: EncodingUtilType,
  enum: EnumType,
  eventbus: EventBusType,
  featuremanagement: FeatureManagementType,
  http: HttpType,
  httprequest: HttpRequestType,
  httpresponse: HttpResponseType,
  id: IdType,
  integer: IntegerType,
  json: JSONType,
  jsongenerator: JSONGeneratorType,
  jsonparser: JSONParserType,
  limits: LimitsType,
  list: ListType,
  long: LongType,
  map: MapType,
  matcher: MatcherType,
  math: MathType,
  object: ObjectType,
  pattern: PatternType,
  request: RequestType,
  sobject: SObjectType,
  set: SetType,
  staticresourcecalloutmock: StaticResourceCalloutMockType,
  string: StringType,
  system: SystemType,
  test: TestType,
  time: TimeType,
  timezone: TimeZoneType,
  type: TypeType,
  uuid: UUIDType,
  url: UrlType,
  userinfo: UserInfoType,
};

/** The members that have an implementation, as compiler/types.ts spells them: derived from the factories themselves. */
export const supportedMembers = (): SupportedMembers => {
  const members = new Set<string>();
  for (const [name, factory] of Object.entries(registry)) {
    const type = factory(bareRuntime());
    if (type.create) members.add(`${name}.new`);
    for (const method of Object.keys(type.s ?? {})) members.add(`${name}.s.${method}`);
    for (const method of Object.keys(type.m ?? {})) members.add(`${name}.m.${method}`);
    for (const property of [...Object.keys(type.sp ?? {}), ...Object.keys(type.p ?? {})])
      members.add(`${name}.p.${property}`);
    if (type.values) members.add(`${name}.v`);
    members.add(name);
  }
  return members;
};

const OWNER = Symbol('owner');

interface Library extends Record<string, StdType> {
  [OWNER]: { $: PlatformRuntime; library: Library };
}

/** Getters of all types, shared by all transactions: what a transaction uses shadows them in its own library. */
const lazyTypes = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.entries(registry).map(([name, factory]): [string, PropertyDescriptor] => [
      name,
      {
        enumerable: true,
        get(this: Library): StdType {
          const { $, library } = this[OWNER];
          const value = meteredType(name, factory($));
          Object.defineProperty(library, name, { value, enumerable: true });
          return value;
        },
      },
    ]),
  ),
) as Record<string, StdType>;

/** The library of one transaction, for `$.std`: types come into being on first use. */
export const createStd = ($: PlatformRuntime): Record<string, StdType> => {
  const library = Object.create(lazyTypes) as Library;
  library[OWNER] = { $, library };
  return library;
};
