import type { Conflict, RequestMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { Refusal } from '../rules/validate.ts';

/** Records how a request ended, so that this side too shows a failed one; a later success of the same key replaces the failure. */
export const saveRequest = async (
  tx: Queryable,
  request: RequestMessage,
  refusal: Refusal | null,
  now: Date,
): Promise<void> => {
  await tx.query(
    `INSERT INTO case_request (idempotency_key, key, version, attempts, status, error_code, error, error_field, message, at)
     VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8::jsonb, $9)
     ON CONFLICT (idempotency_key) DO UPDATE
        SET attempts = case_request.attempts + 1, status = $4, error_code = $5, error = $6, error_field = $7,
            message = $8::jsonb, at = $9`,
    [
      request.idempotencyKey,
      request.key,
      request.version,
      refusal ? 'Failed' : 'Applied',
      refusal?.errorCode ?? null,
      refusal?.message ?? null,
      refusal?.field ?? null,
      // what was applied is in the history; only a failed request is needed whole, for its retry
      JSON.stringify(refusal ? request : { id: request.id, version: request.version }),
      now,
    ],
  );
};

/** The conflicts of a request when it comes once more as the same sending: the answer that named them may be lost. */
export const conflictsTold = async (tx: Queryable, request: RequestMessage): Promise<Conflict[]> => {
  const [row] = await tx.query<{ conflicts: Conflict[] | null }>(
    `SELECT v.conflicts FROM case_request r JOIN case_revision v ON v.key = r.key AND v.request_version = r.version
      WHERE r.idempotency_key = $1 AND r.status = 'Applied' AND r.message->>'id' = $2 AND v.request_values IS NOT NULL
      ORDER BY v.revision DESC LIMIT 1`,
    [request.idempotencyKey, request.id],
  );
  return row?.conflicts ?? [];
};

/** A request that the registry refused, as long as no newer version of its key was applied. */
export interface FailedRequest {
  idempotency_key: string;
  key: string;
  version: number;
  attempts: number;
  error_code: string;
  error: string;
  error_field: string | null;
  message: RequestMessage;
  at: Date;
}

const FAILED = `SELECT * FROM case_request r WHERE status = 'Failed'
  AND NOT EXISTS (SELECT 1 FROM case_request newer WHERE newer.key = r.key AND newer.version > r.version AND newer.status = 'Applied')`;

export const failedRequests = (db: Queryable): Promise<FailedRequest[]> =>
  db.query<FailedRequest>(`${FAILED} ORDER BY at, key`);

export const newestFailedRequest = async (db: Queryable, key: string): Promise<FailedRequest | null> =>
  (await db.query<FailedRequest>(`${FAILED} AND key = $1 ORDER BY version DESC LIMIT 1`, [key]))[0] ?? null;

/** `Applied` or `Failed`: how the request ended the last time. */
export const statusOf = async (db: Queryable, request: FailedRequest): Promise<string> =>
  (
    await db.query<{ status: string }>('SELECT status FROM case_request WHERE idempotency_key = $1', [
      request.idempotency_key,
    ])
  )[0]!.status;
