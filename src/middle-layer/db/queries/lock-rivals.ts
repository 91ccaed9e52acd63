import type { Queryable } from '../../../shared/sql/types.ts';
import type { MessageState } from '../../types.ts';

export interface Rival {
  seq: number;
  id: string;
  target: string;
  kind: string;
  key: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  ordinal: number;
  state: MessageState;
  attempts: number;
}

/** Messages that compete with others of their target, kind and key: unsettled or dead, with an ordinal. Locked in queue order. */
export const lockRivals = (tx: Queryable, keys: readonly string[]): Promise<Rival[]> =>
  tx.query<Rival>(
    `SELECT seq, id, target, kind, key, version, attempt, revision, ordinal, state, attempts FROM message
     WHERE key = ANY($1) AND ordinal IS NOT NULL AND state IN ('queued', 'sending', 'dead')
     ORDER BY seq FOR UPDATE`,
    [keys],
  );
