/** The partner API's login: username and password for a session. */
import { timingSafeEqual } from 'node:crypto';
import { openSession } from '../auth/sessions.ts';
import { userByName } from '../auth/users.ts';
import type { Answer } from '../call.ts';
import type { ApiDeps } from '../types.ts';
import { element, envelope, fault, type SoapRequest } from './envelope.ts';

export const PARTNER = 'urn:partner.soap.sforce.com';

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

export const login = (deps: ApiDeps, request: SoapRequest, serverUrl: string): Answer => {
  const user = userByName(deps.store, request.parameter('username') ?? '');
  const expected = user && deps.passwords?.[user.username];
  if (!expected || !sameText(expected, request.parameter('password') ?? '')) {
    return fault(PARTNER, 'INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  }
  const value = (field: string): string => {
    const stored = user.values.get(field);
    return typeof stored === 'string' ? stored : '';
  };
  const userInfo = [
    element('organizationId', deps.info.orgId),
    element('organizationMultiCurrency', false),
    element('profileId', value('ProfileId')),
    element('userEmail', value('Email')),
    element('userFullName', value('Name')),
    element('userId', user.id),
    element('userLanguage', value('LanguageLocaleKey')),
    element('userLocale', value('LocaleSidKey')),
    element('userName', user.username),
    element('userTimeZone', value('TimeZoneSidKey')),
    element('userType', 'Standard'),
  ].join('');
  const result = [
    element('metadataServerUrl', serverUrl.replace('/Soap/u/', '/Soap/m/')),
    element('passwordExpired', false),
    element('sandbox', false),
    element('serverUrl', serverUrl),
    element('sessionId', openSession(deps, user.id)),
    element('userId', user.id),
    `<userInfo>${userInfo}</userInfo>`,
  ].join('');
  return envelope(200, PARTNER, `<loginResponse><result>${result}</result></loginResponse>`);
};
