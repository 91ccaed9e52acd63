import type { Values } from '../shared/case-messages.ts';
import { describeProblem, values } from '../shared/checks.ts';
import { RequestError } from '../shared/router.ts';

/** The values in a request's body, under the name that they have there. Throws RequestError naming the field that cannot be stored. */
export const valuesIn = (given: unknown, name: string): Values => {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new RequestError(400, 'BAD_REQUEST', `${name} must be an object of field names and values`);
  const problem = values(given);
  if (problem) {
    const at = problem.at === '' ? name : `${name}.${problem.at}`;
    throw new RequestError(422, 'MALFORMED', describeProblem({ ...problem, at }));
  }
  return given as Values;
};
