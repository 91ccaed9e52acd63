import type { Queryable } from '../../../shared/sql/types.ts';
import type { Draft } from '../../types.ts';

/** Stores a message that is dead from the start; returns its seq. */
export const buryMessage = async (tx: Queryable, draft: Draft, now: Date): Promise<number> => {
  const [row] = await tx.query<{ seq: number }>(
    `INSERT INTO message (id, target, kind, key, version, attempt, revision, ordinal, payload, state, queued_at, next_attempt_at, turn_at, settled_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, 'dead', $10, $10, $10, $10) RETURNING seq`,
    [
      draft.id,
      draft.target,
      draft.kind,
      draft.key,
      draft.version,
      draft.attempt,
      draft.revision,
      draft.ordinal,
      JSON.stringify(draft.payload),
      now,
    ],
  );
  return row!.seq;
};
