/** Headers that say something to rules of a save. */
import type { AssignmentChoice, DuplicateChoice } from '../store/types.ts';
import { unsupported } from './errors.ts';

/**
 * `Sforce-Auto-Assign: TRUE | FALSE | <rule id>`; without it the active rules are used, and what it says holds for every
 * save of the request. REST API Developer Guide, "Assignment Rule Header".
 */
export const assignmentChoice = (headers: Record<string, string>): AssignmentChoice | null => {
  const given = headers['sforce-auto-assign']?.trim() ?? 'true';
  if (/^true$/i.test(given)) return 'active';
  return /^false$/i.test(given) ? null : { ruleId: given };
};

/**
 * `Sforce-Duplicate-Rule-Header: allowSave=true; runAsCurrentUser=true`. REST API Developer Guide, "Duplicate Rule Header".
 * Throws ApiError for what the local org does not have, and for what the header cannot say.
 */
export const duplicateChoice = (headers: Record<string, string>): DuplicateChoice | undefined => {
  const given = headers['sforce-duplicate-rule-header'];
  if (given === undefined) return undefined;
  const said = new Map<string, boolean>();
  for (const part of given.split(';').filter((each) => each.trim() !== '')) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*(true|false)\s*$/i.exec(part) ?? [];
    if (!DUPLICATE_OPTIONS.has(name.toLowerCase()))
      throw unsupported(
        `${part.trim()} in ${DUPLICATE_HEADER}, which takes allowSave and runAsCurrentUser, true or false,`,
      );
    said.set(name.toLowerCase(), value.toLowerCase() === 'true');
  }
  if (said.get('includerecorddetails') === true)
    throw unsupported(`includeRecordDetails=true in ${DUPLICATE_HEADER} (query the records by the ids that it tells)`);
  return { allowSave: said.get('allowsave') === true, asUser: said.get('runascurrentuser') === true };
};

const DUPLICATE_HEADER = 'Sforce-Duplicate-Rule-Header';
const DUPLICATE_OPTIONS = new Set(['allowsave', 'includerecorddetails', 'runascurrentuser']);
