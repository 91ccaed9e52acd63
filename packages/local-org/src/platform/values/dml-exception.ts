/** DmlException with its rows, as a failed DML statement throws it. */
import type { SaveError } from '../../store/types.ts';
import { apexException, type ApexException, type ExceptionRow } from './exception.ts';

/** `FIELD_CUSTOM_VALIDATION_EXCEPTION, Text: [Field, Other]`. */
const describe = (row: ExceptionRow): string => `${row.code}, ${row.message}: [${row.fields.join(', ')}]`;

/**
 * The exception of an all-or-none DML statement. `verb` is the operation with a capital
 * (`Insert`, `Update`, `Upsert`, `Delete`, `Undelete`, `Merge`); `failed` has the failed rows only,
 * with their position in the list that was saved.
 */
export const dmlException = (
  verb: string,
  failed: { index: number; id: string | null; object: string; errors: SaveError[] }[],
): ApexException => {
  const rows: ExceptionRow[] = failed.flatMap(({ errors, ...where }) =>
    errors.map((error) => ({ ...where, ...error })),
  );
  const first = rows[0];
  const where = first
    ? `First exception on row ${first.index}${first.id === null ? '' : ` with id ${first.id}`}; first error: ${describe(first)}`
    : '';
  const exception = apexException('DmlException', `${verb} failed. ${where}`);
  exception.rows = rows;
  return exception;
};
