import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = 0o700;
const FILE = 0o600;

/**
 * Closes a folder and all that is in it to everybody but its owner: PGlite makes files with rights of its own, whatever the
 * process's umask is. What was made by somebody else, such as a mounted volume, keeps its rights.
 */
export const ownerOnly = async (folder: string): Promise<void> => {
  await chmod(folder, FOLDER).catch(() => {});
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await ownerOnly(path);
    else if (entry.isFile()) await chmod(path, FILE).catch(() => {});
  }
};
