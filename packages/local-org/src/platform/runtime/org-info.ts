/** Who the org is, and its users. */
import { randomBytes, type Random } from 'kernel/random.ts';
import type { Store, Row, Value } from '../../store/types.ts';
import type { UserDetails } from '../services.ts';

/** Who an org is, and the session its owner works with. */
export interface OrgIdentity {
  orgId: string;
  userId: string;
  username: string;
  accessToken: string;
}

const STATE = 'org';
const TOKEN_BYTES = 32;

/** The administrator (or the user of that name) and a token that stays the same when an org on a file is opened again. */
export const orgInfo = (store: Store, random: Random, username?: string): OrgIdentity => {
  const user = findUser(store, username);
  const transaction = store.begin();
  const key = `token:${user.id}`;
  let token = store.state.get(STATE, key);
  if (token === null) {
    token = `${store.orgId}!${Buffer.from(randomBytes(random, TOKEN_BYTES)).toString('hex')}`;
    store.state.put(STATE, key, token);
  }
  transaction.commit();
  return { orgId: store.orgId, userId: user.id, username: user.username, accessToken: token };
};

const findUser = (store: Store, username?: string): { id: string; username: string } => {
  const where = username === undefined ? "UserType = 'Standard'" : 'Username = :username';
  const { rows } = store.query(
    `SELECT Id, Username FROM User WHERE IsActive = true AND ${where} ORDER BY CreatedDate, Id LIMIT 1`,
    {
      access: { userId: store.orgId, mode: 'system', sharing: false },
      binds: { username: username ?? null },
    },
  );
  const [row] = rows;
  if (!row)
    throw new Error(username === undefined ? 'the org has no active user' : `the org has no active user ${username}`);
  return { id: row.values.get('Id') as string, username: row.values.get('Username') as string };
};

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
