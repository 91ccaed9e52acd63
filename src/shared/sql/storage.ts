/** What errors say of the files that an embedded database keeps, in words for people: PGlite's own name neither folder nor remedy. */
import { DatabaseUnavailable, sqlState } from './errors.ts';

/** The files of an embedded database cannot be used. `message`: what, where, and what to do. */
export class StorageFailed extends DatabaseUnavailable {
  override name = 'StorageFailed';
  /** What to do, and what happens by itself then. */
  readonly remedy: string;
  /** Whether what is stored is damaged: waiting mends nothing. */
  readonly isDamage: boolean;

  constructor(what: string, remedy: string, { cause, isDamage = false }: { cause: unknown; isDamage?: boolean }) {
    super(`${what}. ${remedy[0]!.toUpperCase()}${remedy.slice(1)}`, { cause });
    this.remedy = remedy;
    this.isDamage = isDamage;
  }
}

const GOES_ON = 'work goes on by itself then, and nothing that was stored is lost';

interface Problem {
  /** By the SQLSTATE of PostgreSQL ("Appendix A"), by Node's code, or by the system's words in the message. */
  states: RegExp;
  words: RegExp;
  is: string;
  remedy: string;
  isDamage?: boolean;
}

const PROBLEMS: readonly Problem[] = [
  {
    states: /^(53100|ENOSPC|EDQUOT|EFBIG)$/,
    words: /No space left on device|database or disk is full|Disk quota exceeded|Quota exceeded|File too large/i,
    is: 'its disk is full, or this user may store no more',
    remedy: `free some room; ${GOES_ON}`,
  },
  {
    states: /^(EROFS|EACCES|EPERM|ERR_SQLITE_READONLY)$/,
    words:
      /Read-only file system|Permission denied|Operation not permitted|readonly database|unable to open database file/i,
    is: 'it, or its disk, is read-only for this user',
    remedy: `make it writable; ${GOES_ON}`,
  },
  {
    states: /^(58030|EIO)$/,
    words: /I\/O error|Input\/output error/i,
    is: 'its disk does not do what it is told',
    remedy: 'look at the disk; put a backup in the place of the folder if it is broken',
  },
  {
    states: /^(XX001|XX002|58P01)$/,
    words:
      /invalid page in block|could not read block|unexpected zero page|invalid primary checkpoint|could not locate a valid checkpoint|could not open file|is not a valid data directory/i,
    is: 'its files are damaged',
    remedy: 'stop the program and put a backup in its place; nothing in it was deleted',
    isDamage: true,
  },
];

const codeOf = (error: unknown): string =>
  sqlState(error) ?? (error instanceof Error && 'code' in error ? String(error.code) : '');

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What an error says of the files in `dataDir`; null when it says nothing of them. */
export const storageFailure = (error: unknown, dataDir: string): StorageFailed | null => {
  if (error instanceof StorageFailed) return error;
  const [code, words] = [codeOf(error), wordsOf(error)];
  const found =
    PROBLEMS.find(({ states }) => states.test(code)) ?? PROBLEMS.find(({ words: said }) => said.test(words));
  if (!found) return null;
  const what = `the database in ${dataDir} cannot be used: ${found.is} (${words})`;
  return new StorageFailed(what, found.remedy, { cause: error, isDamage: found.isDamage ?? false });
};
