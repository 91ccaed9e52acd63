/** What only one batch at a time may be under way about: no lock of rows, so that it holds while a message is sent, and ends with its lease. */
import type { Queryable } from '../../shared/sql/types.ts';

/** The class of advisory locks for claims: one a target. */
const CLAIM_LOCK = 7_461_002;

/** A condition: no batch is under way about what `message` names as `alone`. `since`: a further condition on what is under way, as `u`. */
export const isFree = (message: string, since = ''): string =>
  `(${message}.alone IS NULL OR NOT EXISTS (
     SELECT FROM message u WHERE u.flow = ${message}.flow AND u.target = ${message}.target AND u.state = 'sending' AND u.alone = ${message}.alone ${since}))`;

/** Until the transaction ends, no other worker claims messages of the target: what it claims next sees what they have claimed. */
export const lockClaims = (tx: Queryable, { flow, target }: { flow: string; target: string }): Promise<unknown> =>
  tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [CLAIM_LOCK, `${flow}/${target}`]);
