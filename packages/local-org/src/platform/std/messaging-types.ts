/** The Messaging namespace: emails and notifications are handed to the org, which records them; nothing leaves it. */
import type { PlatformRuntime, SentEmail } from '../services.ts';
import type { Apex, NativeFunction, StdFactory } from '../types.ts';
import { ApexList, type ApexSet, apexException } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { Bag, bagProperties } from './shared/bag.ts';

const EMAIL = 'Messaging.SingleEmailMessage';
const NOTIFICATION = 'Messaging.CustomNotification';

/** Settable as a property, by setX, and readable by getX. */
const BASE_PROPERTIES = [
  'BccSender',
  'EmailPriority',
  'ReplyTo',
  'SaveAsActivity',
  'SenderDisplayName',
  'Subject',
  'UseSignature',
];
const EMAIL_PROPERTIES = [
  'BccAddresses',
  'CcAddresses',
  'Charset',
  'HtmlBody',
  'InReplyTo',
  'OptOutPolicy',
  'OrgWideEmailAddressId',
  'PlainTextBody',
  'References',
  'TargetObjectId',
  'ToAddresses',
  'WhatId',
];

const accessors = (names: readonly string[]): Record<string, NativeFunction> =>
  Object.fromEntries(
    names.flatMap((name): [string, NativeFunction][] => [
      [`get${name}`.toLowerCase(), (self: Bag): Apex => self.values[name] ?? null],
      [`set${name}`.toLowerCase(), (self: Bag, value: Apex) => void (self.values[name] = value)],
    ]),
  );

const list = (value: Apex): string[] => (value instanceof ApexList ? (value.items as string[]) : []);

const sent = ({ values }: Bag): SentEmail => ({
  toAddresses: list(values['ToAddresses']),
  ccAddresses: list(values['CcAddresses']),
  bccAddresses: list(values['BccAddresses']),
  targetObjectId: (values['TargetObjectId'] as string | null | undefined) ?? null,
  subject: (values['Subject'] as string | null | undefined) ?? null,
  plainTextBody: (values['PlainTextBody'] as string | null | undefined) ?? null,
  htmlBody: (values['HtmlBody'] as string | null | undefined) ?? null,
});

/** What keeps an email from being sent, or null. */
const problem = (email: SentEmail): [string, string] | null => {
  const addresses = [...email.toAddresses, ...email.ccAddresses, ...email.bccAddresses];
  if (addresses.length === 0 && email.targetObjectId === null)
    return ['REQUIRED_FIELD_MISSING', 'Add a recipient to send an email.'];
  if (email.plainTextBody === null && email.htmlBody === null)
    return ['REQUIRED_FIELD_MISSING', 'Missing body, need at least one of html or plainText'];
  const invalid = addresses.find((address) => !/^[^@\s]+@[^@\s]+$/.test(address));
  return invalid === undefined ? null : ['INVALID_EMAIL_ADDRESS', `Email address is invalid: ${invalid}`];
};

const send = ($: PlatformRuntime, emails: Bag[], allOrNone: boolean): ApexList => {
  const results = emails.map((email) => ({ email: sent(present(email)), failure: problem(sent(email)) }));
  const failed = results.flatMap(({ failure }, index) => (failure ? [{ index, failure }] : []));
  if (allOrNone && failed.length > 0) {
    const [
      {
        index,
        failure: [code, message],
      },
    ] = failed as [(typeof failed)[0]];
    const exception = apexException(
      'EmailException',
      `SendEmail failed. First exception on row ${index}; first error: ${code}, ${message}: []`,
    );
    exception.rows = failed.map((row) => ({
      index: row.index,
      id: null,
      code: row.failure[0],
      message: row.failure[1],
      fields: [],
    }));
    throw exception;
  }
  $.services.sendEmail(results.filter(({ failure }) => failure === null).map(({ email }) => email));
  return new ApexList(
    'Messaging.SendEmailResult',
    results.map(
      ({ failure }) =>
        new Bag('Messaging.SendEmailResult', {
          Success: failure === null,
          Errors: new ApexList(
            'Messaging.SendEmailError',
            failure === null ? [] : [new Bag('Messaging.SendEmailError', { Message: failure[1] })],
          ),
        }),
    ),
  );
};

const messaging: StdFactory = ($) => ({
  name: 'Messaging',
  s: {
    sendemail: (emails: ApexList | null, allOrNone = true) =>
      send($ as PlatformRuntime, present(emails).items as Bag[], allOrNone),
  },
});

const baseEmail: StdFactory = () => ({
  name: 'Messaging.Email',
  m: accessors(BASE_PROPERTIES),
  p: bagProperties(...BASE_PROPERTIES),
});

const email: StdFactory = () => ({
  name: EMAIL,
  create: () => new Bag(EMAIL),
  m: accessors(EMAIL_PROPERTIES),
  p: bagProperties(...EMAIL_PROPERTIES, 'Subject', 'SaveAsActivity'),
});

const sendResult: StdFactory = () => ({
  name: 'Messaging.SendEmailResult',
  m: { issuccess: (self: Bag): Apex => self.values['Success'], geterrors: (self: Bag): Apex => self.values['Errors'] },
});

const sendError: StdFactory = () => ({
  name: 'Messaging.SendEmailError',
  m: { getmessage: (self: Bag): Apex => self.values['Message'] },
});

const NOTIFICATION_PROPERTIES = ['NotificationTypeId', 'Title', 'Body', 'TargetId', 'TargetPageRef'];

const notify = ($: PlatformRuntime, { values }: Bag, recipients: ApexSet): void => {
  const text = (name: string): string => {
    const value = values[name] as string | null | undefined;
    if (value === null || value === undefined || value === '')
      throw apexException('IllegalArgumentException', `Missing required field: ${name}`);
    return value;
  };
  if (!values['TargetId'] && !values['TargetPageRef']) text('TargetId');
  $.services.sendNotification({
    typeId: text('NotificationTypeId'),
    title: text('Title'),
    body: text('Body'),
    targetId: (values['TargetId'] as string | undefined) ?? null,
    recipients: recipients.values() as string[],
  });
};

const notification: StdFactory = ($) => ({
  name: NOTIFICATION,
  create: () => new Bag(NOTIFICATION),
  m: {
    ...Object.fromEntries(
      Object.entries(accessors(NOTIFICATION_PROPERTIES)).filter(([name]) => name.startsWith('set')),
    ),
    send: (self: Bag, recipients: ApexSet | null) => notify($ as PlatformRuntime, self, present(recipients)),
  },
});

/** Keyed by lower-cased catalogue name. */
export const messagingTypes: Record<string, StdFactory> = {
  messaging,
  'messaging.email': baseEmail,
  'messaging.singleemailmessage': email,
  'messaging.sendemailresult': sendResult,
  'messaging.sendemailerror': sendError,
  'messaging.customnotification': notification,
};
