/** The status code under which Salesforce refuses a save while another transaction holds a row. */
export const ROW_LOCKED = 'UNABLE_TO_LOCK_ROW';

/** As in `RowLock.cls`: a status code, the text of a query that waited for a row, or either within another failure's text. */
const WORDS = /unable_to_lock_row|unable to obtain exclusive access|record currently unavailable/i;

/** Whether an error code or text of Salesforce says no more than that a row is held: the same may succeed a moment later. */
export const tellsRowLock = (...words: (string | null | undefined)[]): boolean =>
  words.some((text) => text != null && WORDS.test(text));
