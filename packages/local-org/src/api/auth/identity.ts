/** Who the session's user is: GET /id/<org>/<user> and GET /services/oauth2/userinfo. */
import type { OrgInfo } from '../../types.ts';
import type { LoginUser } from './users.ts';
import { datetimeText } from '../records/values.ts';

interface Context {
  info: OrgInfo;
  user: LoginUser;
  origin: string;
  now: number;
}

const text = ({ values }: LoginUser, field: string): string | null => {
  const value = values.get(field);
  return typeof value === 'string' ? value : null;
};

const urls = (origin: string, orgId: string, userId: string): Record<string, string> => ({
  enterprise: `${origin}/services/Soap/c/{version}/${orgId.slice(0, 15)}`,
  metadata: `${origin}/services/Soap/m/{version}/${orgId.slice(0, 15)}`,
  partner: `${origin}/services/Soap/u/{version}/${orgId.slice(0, 15)}`,
  rest: `${origin}/services/data/v{version}/`,
  sobjects: `${origin}/services/data/v{version}/sobjects/`,
  search: `${origin}/services/data/v{version}/search/`,
  query: `${origin}/services/data/v{version}/query/`,
  tooling_rest: `${origin}/services/data/v{version}/tooling/`,
  profile: `${origin}/${userId}`,
  custom_domain: origin,
});

export const identity = ({ info, user, origin, now }: Context) => ({
  id: `${origin}/id/${info.orgId}/${user.id}`,
  asserted_user: true,
  user_id: user.id,
  organization_id: info.orgId,
  username: user.username,
  nick_name: user.username,
  display_name: text(user, 'Name'),
  email: text(user, 'Email'),
  email_verified: true,
  first_name: text(user, 'FirstName'),
  last_name: text(user, 'LastName'),
  timezone: text(user, 'TimeZoneSidKey'),
  photos: {},
  addr_street: null,
  addr_city: null,
  addr_state: null,
  addr_country: null,
  addr_zip: null,
  mobile_phone: null,
  mobile_phone_verified: false,
  is_lightning_login_user: false,
  status: { created_date: null, body: null },
  urls: urls(origin, info.orgId, user.id),
  active: true,
  user_type: 'STANDARD',
  language: text(user, 'LanguageLocaleKey'),
  locale: text(user, 'LocaleSidKey'),
  utcOffset: 0,
  last_modified_date: datetimeText(now),
});

export const userInfo = ({ info, user, origin, now }: Context) => ({
  sub: `${origin}/id/${info.orgId}/${user.id}`,
  user_id: user.id,
  organization_id: info.orgId,
  preferred_username: user.username,
  nickname: user.username,
  name: text(user, 'Name'),
  email: text(user, 'Email'),
  email_verified: true,
  given_name: text(user, 'FirstName'),
  family_name: text(user, 'LastName'),
  zoneinfo: text(user, 'TimeZoneSidKey'),
  photos: {},
  profile: `${origin}/${user.id}`,
  picture: '',
  address: {},
  urls: urls(origin, info.orgId, user.id),
  active: true,
  user_type: 'STANDARD',
  language: text(user, 'LanguageLocaleKey'),
  locale: text(user, 'LocaleSidKey'),
  utcOffset: 0,
  updated_at: new Date(now).toISOString(),
});
