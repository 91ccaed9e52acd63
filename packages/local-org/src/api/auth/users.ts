/** Users, as logging in needs them. */
import type { Store, Value } from '../../store/types.ts';

export interface LoginUser {
  id: string;
  username: string;
  values: Map<string, Value>;
}

const FIELDS =
  'Id, Username, FirstName, LastName, Name, Email, TimeZoneSidKey, LanguageLocaleKey, LocaleSidKey, UserType, ProfileId, IsActive';

const findUser = (store: Store, field: 'Id' | 'Username', value: string): LoginUser | null => {
  const { rows } = store.query(`SELECT ${FIELDS} FROM User WHERE ${field} = :value AND IsActive = TRUE LIMIT 1`, {
    access: { userId: value, mode: 'system', sharing: false },
    binds: { value },
  });
  const row = rows[0];
  return row ? { id: row.id!, username: String(row.values.get('Username')), values: row.values } : null;
};

/** An active user, or null. Usernames have no case. */
export const userByName = (store: Store, username: string): LoginUser | null => findUser(store, 'Username', username);

export const userById = (store: Store, id: string): LoginUser | null => findUser(store, 'Id', id);
