/** The platform's exception types: all the same except for their names. */
import type { NativeFunction, StdFactory } from '../types.ts';
import { ApexException, apexException } from '../values/index.ts';
import type { PlatformRuntime } from '../services.ts';
import { dmlRowMethods } from './shared/exception-rows.ts';

const NAMES = [
  'AssertException',
  'AsyncException',
  'AuraHandledException',
  'BigObjectException',
  'Cache.CacheException',
  'Cache.InvalidParamException',
  'Cache.ItemSizeLimitExceededException',
  'Cache.Org.OrgCacheException',
  'Cache.SessionCacheException',
  'CalloutException',
  'DmlException',
  'DuplicateMessageException',
  'EmailException',
  'EventBus.RetryableException',
  'ExternalObjectException',
  'FinalException',
  'FlowException',
  'HandledException',
  'IllegalArgumentException',
  'InvalidHeaderException',
  'InvalidParameterValueException',
  'JSONException',
  'LimitException',
  'ListException',
  'MathException',
  'NoAccessException',
  'NoDataFoundException',
  'NoSuchElementException',
  'NullPointerException',
  'QueryException',
  'RequiredFeatureMissingException',
  'SObjectException',
  'SearchException',
  'SecurityException',
  'SerializationException',
  'StringException',
  'TouchHandledException',
  'TypeException',
  'UnexpectedException',
  'UnsupportedOperationException',
  'VisualforceException',
  'XmlException',
] as const;

/** Methods of every exception, user-defined ones too. */
const exceptionMethods = ($: PlatformRuntime): Record<string, NativeFunction> => ({
  getmessage: (self: ApexException) => self.text(),
  setmessage: (self: ApexException, message: string | null) => void (self.message = message),
  getcause: (self: ApexException) => self.cause,
  initcause: (self: ApexException, cause: ApexException | null) => {
    if (self.cause !== null) throw apexException('IllegalArgumentException', "Can't overwrite cause");
    self.cause = cause;
  },
  gettypename: (self: ApexException) => self.typeName(),
  getlinenumber: (self: ApexException) => $.services.frames(self)[0]?.line ?? null,
  getstacktracestring: (self: ApexException) =>
    $.services
      .frames(self)
      .map((frame) => `${frame.location}: line ${frame.line}, column ${frame.column}`)
      .join('\n'),
  ...dmlRowMethods($),
});

const construct = (
  name: string,
  first?: string | ApexException | null,
  second?: ApexException | null,
): ApexException => {
  // What AuraHandledException is made with is for the component alone: getMessage() tells it only after setMessage().
  const message = typeof first === 'string' && name !== 'AuraHandledException' ? first : null;
  return apexException(name, message, first instanceof ApexException ? first : (second ?? null));
};

const exceptionFactory =
  (name: string): StdFactory =>
  () => ({ name, create: (_types, first, second) => construct(name, first, second) });

const queryException: StdFactory = ($) => {
  const inaccessible = (self: ApexException): unknown =>
    $.newMap(
      'String',
      'Set<String>',
      Object.entries(self.detail['inaccessibleFields'] ?? {}).map(([object, fields]) => [
        object,
        $.newSet('String', fields as string[]),
      ]),
    );
  return { ...exceptionFactory('QueryException')($), m: { getinaccessiblefields: inaccessible } };
};

const base: StdFactory = ($) => ({ name: 'Exception', m: exceptionMethods($ as PlatformRuntime) });

/** Keyed by lower-cased catalogue name. */
export const exceptions: Record<string, StdFactory> = {
  exception: base,
  ...Object.fromEntries(NAMES.map((name) => [name.toLowerCase(), exceptionFactory(name)])),
  queryexception: queryException,
};
