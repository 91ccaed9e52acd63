import type { Queryable } from '../../shared/sql/types.ts';

const PREFIX = 'SR-';
/** Numbers have at least so many digits. */
const DIGITS = 8;
/** What the registry gave out itself: anything else says nothing of its sequence. */
const OWN = /^SR-(\d{8,12})$/;
/** How far the sequence jumps when a number turns out to be taken: a backup may be older than many numbers. */
const JUMP = 1_000;

/** The next number of a record. */
export const nextNumber = async (tx: Queryable): Promise<string> => {
  const [row] = await tx.query<{ number: number }>("SELECT nextval('case_number') AS number");
  return PREFIX + String(row!.number).padStart(DIGITS, '0');
};

/** A number that was seen somewhere is never given out again, even if the sequence was restored to an earlier state. */
export const raiseNumbers = async (tx: Queryable, seen: string | null | undefined): Promise<void> => {
  const number = OWN.exec(seen ?? '')?.[1];
  if (number === undefined) return;
  await tx.query(
    "SELECT setval('case_number', $1::bigint) FROM case_number WHERE $1::bigint >= case_number.last_value",
    [Number(number)],
  );
};

/** Leaves numbers out that were given out once, and are not known here any more. */
export const skipNumbers = (tx: Queryable): Promise<unknown> =>
  tx.query("SELECT setval('case_number', last_value + $1::bigint) FROM case_number", [JUMP]);

/** Whether the registry may give a record this number: its own form, and no record has it. */
export const isFreeNumber = async (tx: Queryable, number: string): Promise<boolean> =>
  OWN.test(number) && (await tx.query('SELECT 1 FROM case_record WHERE external_id = $1', [number])).length === 0;
