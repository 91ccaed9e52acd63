import { accessSync, constants, globSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where systems put PostgreSQL when they do not put it on PATH. */
const FOLDERS = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
];

const runs = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The folder with `initdb` and `postgres` of this machine, the newest where there are several; null without any. */
export const findPostgres = (path = process.env.PATH ?? ''): string | null => {
  const version = (folder: string): number => Number(/(\d+)(?:\/bin)?$/.exec(folder)?.[1] ?? 0);
  const folders = [
    ...path.split(delimiter).filter(Boolean),
    ...FOLDERS.flatMap((pattern) => globSync(pattern)).sort((a, b) => version(b) - version(a)),
  ];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => runs(join(folder, name)))) ?? null;
};

export interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: who runs it instead. Null: whoever runs this. */
export const unprivileged = (): Account | null => {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither an account postgres nor nobody');
};
