import type { Row, Store, Value } from '../../store/types.ts';
import type { UserDetails } from '../services.ts';

const text = (row: Row | undefined, field: string): string => {
  const value: Value | undefined = row?.values.get(field);
  return value === null || value === undefined ? '' : String(value);
};

/** What UserInfo tells of a user. */
export const userDetails = (store: Store, userId: string): UserDetails => {
  const [user] = store.read('User', [userId]);
  const [organization] = store.read('Organization', [store.orgId]);
  const firstName = text(user, 'FirstName');
  const lastName = text(user, 'LastName');
  return {
    id: userId,
    username: text(user, 'Username'),
    name: text(user, 'Name') || [firstName, lastName].filter(Boolean).join(' '),
    firstName,
    lastName,
    email: text(user, 'Email'),
    profileId: text(user, 'ProfileId'),
    roleId: text(user, 'UserRoleId') || null,
    userType: text(user, 'UserType') || 'Standard',
    locale: text(user, 'LocaleSidKey') || 'en_US',
    language: text(user, 'LanguageLocaleKey') || 'en_US',
    timeZone: text(user, 'TimeZoneSidKey') || 'UTC',
    organizationId: store.orgId,
    organizationName: text(organization, 'Name'),
    defaultCurrency: 'USD',
    multiCurrency: false,
    sessionId: null,
  };
};
