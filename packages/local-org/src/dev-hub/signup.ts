/** The sign-up of a scratch org, and saves of which some rows are refused before the store sees them. */
import type { SaveError, SaveRequest, SaveResult, Row, Value } from '../store/types.ts';

const result = (id: string | null, errors: SaveError[]): SaveResult => ({ id, success: false, created: false, errors });

const ROLLED_BACK: SaveError = {
  code: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
};

/** Saves the rows without `errors` (one list a row); all or none as the request says. */
export const saveOthers = (
  request: SaveRequest,
  errors: readonly SaveError[][],
  save: (request: SaveRequest) => SaveResult[],
): SaveResult[] => {
  if (errors.every((each) => each.length === 0)) return save(request);
  if (request.allOrNone) {
    return request.rows.map(({ id }, index) => result(id, errors[index]!.length > 0 ? errors[index]! : [ROLLED_BACK]));
  }
  const saved = save({ ...request, rows: request.rows.filter((_, index) => errors[index]!.length === 0) });
  let next = 0;
  return request.rows.map(({ id }, index) => (errors[index]!.length > 0 ? result(id, errors[index]!) : saved[next++]!));
};

/** Scratch org definition, "durationDays". */
const DEFAULT_DAYS = 7;
const MAX_DAYS = 30;

/** The client that Salesforce's own tools are, known to every org. */
const WELL_KNOWN_CLIENTS = ['PlatformCLI'];

/** What a ScratchOrgInfo record asks for, and whether it can be had. */
export const textOf = (row: Row, field: string): string | null => {
  const value = valueOf(row, field);
  return typeof value === 'string' && value !== '' ? value : null;
};

const valueOf = (row: Row, field: string): Value =>
  [...row.values].find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1] ?? null;

export const durationDays = (row: Row): number => Number(valueOf(row, 'DurationDays') ?? DEFAULT_DAYS);

/** Why the record is refused when it is saved. */
export const signupErrors = (row: Row): SaveError[] => {
  const error = (code: string, message: string, ...fields: string[]): SaveError => ({ code, message, fields });
  for (const field of ['Snapshot', 'SourceOrg']) {
    if (textOf(row, field)) return [error('NOT_IMPLEMENTED', `${field} is not supported by the local org`, field)];
  }
  if (!textOf(row, 'Edition'))
    return [error('REQUIRED_FIELD_MISSING', 'Required fields are missing: [Edition]', 'Edition')];
  const days = durationDays(row);
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return [];
  return [error('FIELD_INTEGRITY_EXCEPTION', `Duration must be from 1 to ${MAX_DAYS} days`, 'DurationDays')];
};

/** The code with which an accepted signup fails later, or null (Salesforce DX Developer Guide, "Scratch Org Error Codes"). */
export const signupErrorCode = (
  row: Row,
  known: { consumerKeys: readonly string[]; usernames: ReadonlySet<string> },
): string | null => {
  if (textOf(row, 'Namespace')) return 'S-1017';
  const client = textOf(row, 'ConnectedAppConsumerKey');
  if (client !== null && ![...WELL_KNOWN_CLIENTS, ...known.consumerKeys].includes(client)) return 'C-1016';
  return known.usernames.has(textOf(row, 'Username')?.toLowerCase() ?? '') ? 'C-1007' : null;
};
