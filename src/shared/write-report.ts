import { existsSync, statSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Reports quote what people wrote into records. */
const OWNER_ONLY = 0o600;

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full; free some room and run it again',
  EDQUOT: 'this user may store no more; free some room and run it again',
  EFBIG: 'the file may not become that large; name another place and run it again',
  EROFS: 'the disk is read-only; name another place and run it again',
  EACCES: 'this user may not write there; name another place and run it again',
  EPERM: 'this user may not write there; name another place and run it again',
  ENOENT: 'its folder does not exist; make it first and run it again',
  EISDIR: 'it is a folder; name a file and run it again',
  EIO: 'the disk does not take it; look at the disk and run it again',
};

/** Why no report can be written to this path, or null: asked before work that takes long, so that its report is not lost. */
export const placeProblem = (path: string): string | null => {
  if (path === '') return 'it is empty; name a file';
  if (!existsSync(dirname(resolve(path)))) return 'its folder does not exist; make it first';
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? 'it is a folder; name a file in it' : null;
};

/** A report could not be written; what it tells is not lost by that when it is shown, too. */
export class ReportNotWritten extends Error {
  override name = 'ReportNotWritten';
}

/** A device or a pipe, such as /dev/stdout, takes the text as it is; it must not be replaced. */
const isNoFile = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => null);
  return found !== null && !found.isFile();
};

const write = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'w', OWNER_ONLY);
  try {
    await file.writeFile(text);
    // a disk that is full may say so only now
    await file.sync().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EINVAL') throw error;
    });
  } finally {
    await file.close();
  }
};

/**
 * Writes a report, readable by its owner alone, whatever the umask is and whoever could read an earlier one there. All of it
 * or nothing: an earlier report stays until the new one is whole. Throws ReportNotWritten, in words for people.
 */
export const writeReport = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.${process.pid}.part`;
  try {
    if (await isNoFile(path)) return await write(path, text);
    await write(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = REASONS[code] ?? message;
    throw new ReportNotWritten(
      `the report ${path} could not be written: ${reason}. An earlier report there is as it was`,
      {
        cause: error,
      },
    );
  }
};

/** The same at the end of work that is done and told: answers why the report could not be written, or null. */
export const tryReport = (path: string, text: string): Promise<string | null> =>
  writeReport(path, text).then(
    () => null,
    (error: Error) => error.message,
  );
