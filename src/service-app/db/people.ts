import type { Queryable } from '../../shared/sql/types.ts';

export type Role = 'booker' | 'supervisor';

export interface Person {
  name: string;
  role: Role;
}

/** Adds a person, or gives one another role and password. */
export const savePerson = (db: Queryable, { name, role }: Person, secret: string): Promise<unknown> =>
  db.query(
    `INSERT INTO app_user (name, role, secret) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET role = excluded.role, secret = excluded.secret`,
    [name, role, secret],
  );

export const findPerson = async (db: Queryable, name: string): Promise<(Person & { secret: string }) | null> =>
  (await db.query<Person & { secret: string }>('SELECT name, role, secret FROM app_user WHERE name = $1', [name]))[0] ??
  null;

export interface Session extends Person {
  /** What every form of the session carries: another site does not know it. */
  formToken: string;
}

export const insertSession = (
  db: Queryable,
  session: { tokenHash: string; name: string; formToken: string; expiresAt: Date },
): Promise<unknown> =>
  db.query('INSERT INTO session (token_hash, user_name, form_token, expires_at) VALUES ($1, $2, $3, $4)', [
    session.tokenHash,
    session.name,
    session.formToken,
    session.expiresAt,
  ]);

/** The session, which lasts until `expiresAt` from now on; null when there is none, or none any more. */
export const renewSession = async (
  db: Queryable,
  tokenHash: string,
  now: Date,
  expiresAt: Date,
): Promise<Session | null> =>
  (
    await db.query<Session>(
      `UPDATE session SET expires_at = $3 FROM app_user
        WHERE token_hash = $1 AND expires_at > $2 AND app_user.name = session.user_name
       RETURNING app_user.name, app_user.role, form_token AS "formToken"`,
      [tokenHash, now, expiresAt],
    )
  )[0] ?? null;

export const deleteSession = (db: Queryable, tokenHash: string): Promise<unknown> =>
  db.query('DELETE FROM session WHERE token_hash = $1', [tokenHash]);

export const deleteExpired = (db: Queryable, now: Date): Promise<unknown> =>
  db.query('DELETE FROM session WHERE expires_at <= $1', [now]);
