import { conflictValues, type Held } from '../../shared/erasure.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { MessageState } from '../types.ts';

/** How many messages of a key are in one of these states. */
export const countMessages = async (
  tx: Queryable,
  flow: string,
  key: string,
  states: readonly MessageState[],
): Promise<number> => {
  const [row] = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM message WHERE flow = $1 AND key = $2 AND state = ANY($3)',
    [flow, key, states],
  );
  return row!.n;
};

/** Deletes the settled messages of a key with their dead letters. The audit stays: it holds no values. */
export const eraseMessages = async (tx: Queryable, flow: string, key: string): Promise<Held> => {
  const letters = await tx.query<{ cause: string }>(
    `DELETE FROM dead_letter d USING message m WHERE m.seq = d.message_seq AND m.flow = $1 AND m.key = $2 RETURNING d.cause`,
    [flow, key],
  );
  const messages = await tx.query<{ values: unknown }>(
    `DELETE FROM message WHERE flow = $1 AND key = $2 AND state IN ('done', 'superseded', 'dead')
     RETURNING jsonb_build_array(payload->'values', payload->'extra', payload->'record'->'values', ${conflictValues("payload->'conflicts'")}, payload->'message') AS values`,
    [flow, key],
  );
  return {
    rows: { messages: messages.length, 'dead letters': letters.length },
    values: messages.map(({ values }) => values),
  };
};
