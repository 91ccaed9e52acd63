import type { SalesforceDeletionMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';

/** Records that the Case was deleted, merged away or restored in Salesforce. The record itself stays: people decide. */
export const recordDeletion = async (
  _context: Context,
  tx: Queryable,
  message: SalesforceDeletionMessage,
): Promise<void> => {
  const { caseId, reason, masterKey, at } = message;
  const deletion = reason === 'Undeleted' ? null : JSON.stringify({ caseId, reason, masterKey, at });
  await tx.query('UPDATE case_record SET salesforce_deletion = $2::jsonb WHERE key = $1', [message.key, deletion]);
};
