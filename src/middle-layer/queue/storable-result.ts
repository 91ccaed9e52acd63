import { storableCode, storableDiagnostic } from '../../shared/text.ts';
import type { Result } from '../types.ts';

/** A result whose texts, which another system wrote, can be stored: in the audit, a dead letter, a message that follows. */
export const storableResult = (result: Result): Result => {
  if (result.is === 'refused')
    return { ...result, code: storableCode(result.code), cause: storableDiagnostic(result.cause) };
  if (result.is === 'done') return result.code ? { ...result, code: storableCode(result.code) } : result;
  return { ...result, code: storableCode(result.code) };
};
