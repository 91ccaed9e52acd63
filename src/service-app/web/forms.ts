/** What forms and addresses name. Throws RequestError where they name nothing that can be. */
import { isKey } from '../../shared/checks.ts';
import { RequestError } from '../../shared/router.ts';

/** The version of an ad that a form is about. */
export const versionOf = (form: URLSearchParams): number => {
  const version = Number(form.get('version'));
  if (!Number.isInteger(version)) throw new RequestError(400, 'BAD_REQUEST', 'the form names no version');
  return version;
};

/** The id of an ad. */
export const idOf = (text: string | null): string => {
  if (!isKey(text)) throw new RequestError(404, 'NOT_FOUND', 'there is no such ad');
  return text!;
};
