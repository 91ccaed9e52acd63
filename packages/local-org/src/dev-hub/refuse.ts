/** Saves of which some rows are refused before the store sees them. */
import type { SaveError, SaveRequest, SaveResult } from '../store/types.ts';

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
