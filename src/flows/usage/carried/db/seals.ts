/** Seals as the middle layer keeps them: see docs/usage-protocol.md, "Seals". */
import { countAlong } from '../../../../shared/sql/count-along.ts';
import type { Queryable } from '../../../../shared/sql/types.ts';
import type { OwnSealMessage } from '../../../../shared/usage-messages.ts';
import type { SealRow } from '../salesforce.ts';

/** Keeps seals that are new; answers the numbers of their contracts. One that is known stays as it was taken. */
export const insertSeals = async (tx: Queryable, seals: readonly SealRow[], now: Date): Promise<Set<string>> => {
  const made = await tx.query<{ number: string }>(
    `INSERT INTO usage_seal (contract_number, contract_id, entries, units, amount, digest, basis_digest, sealed_at, taken_at)
     SELECT s."contractNumber", s."contractId", s.entries, s.units, s.amount, s.digest, s."basisDigest", s."sealedAt", $2
     FROM jsonb_to_recordset($1::jsonb) AS s("contractNumber" text, "contractId" text, entries integer, units text, amount text,
       digest text, "basisDigest" text, "sealedAt" timestamptz)
     ON CONFLICT DO NOTHING RETURNING contract_number AS number`,
    [JSON.stringify(seals.map(({ basis: _basis, ...seal }) => seal)), now],
  );
  return new Set(made.map(({ number }) => number));
};

/** What was taken of a contract, and what the application says. */
export interface KeptSeal {
  contractNumber: string;
  entries: number;
  units: string;
  amount: string;
  digest: string;
  basisDigest: string;
  sealedAt: Date;
  takenAt: Date;
  /** Null: the application has not told yet. */
  own: { entries: number; units: string; digest: string } | null;
}

const KEPT = `SELECT contract_number AS "contractNumber", entries, units, amount, digest, basis_digest AS "basisDigest",
    sealed_at AS "sealedAt", taken_at AS "takenAt",
    CASE WHEN own_digest IS NOT NULL THEN jsonb_build_object('entries', own_entries, 'units', own_units, 'digest', own_digest) END AS own
  FROM usage_seal`;

export const findSeal = async (db: Queryable, contractNumber: string): Promise<KeptSeal | null> =>
  (await db.query<KeptSeal>(`${KEPT} WHERE contract_number = $1`, [contractNumber]))[0] ?? null;

/** Seals in the order of the numbers of their contracts, after this one. */
export const listSeals = (db: Queryable, after: string, limit: number): Promise<KeptSeal[]> =>
  db.query<KeptSeal>(`${KEPT} WHERE contract_number > $1 ORDER BY contract_number LIMIT $2`, [after, limit]);

/** Those of these contracts of which another seal is kept: their numbers. */
export const forkedSeals = async (tx: Queryable, seals: readonly SealRow[]): Promise<string[]> =>
  (
    await tx.query<{ number: string }>(
      `SELECT kept.contract_number AS number
         FROM usage_seal AS kept
         JOIN jsonb_to_recordset($1::jsonb) AS s("contractNumber" text, entries integer, units text, amount text, digest text,
           "basisDigest" text) ON s."contractNumber" = kept.contract_number
        WHERE (kept.entries, kept.units, kept.amount, kept.digest, kept.basis_digest)
          IS DISTINCT FROM (s.entries, s.units, s.amount, s.digest, s."basisDigest")
        ORDER BY 1`,
      [JSON.stringify(seals.map(({ basis: _basis, ...seal }) => seal))],
    )
  ).map(({ number }) => number);

/** Whether a seal of this contract was taken. */
export const isSealKnown = async (tx: Queryable, contractNumber: string): Promise<boolean> =>
  (await tx.query('SELECT 1 FROM usage_seal WHERE contract_number = $1', [contractNumber])).length > 0;

/**
 * Keeps what the application makes of its own bookings. Whether that is the seal; null: nothing is kept, for there is no seal
 * of the contract, or the application has said this or something later before.
 */
export const saveOwnSeal = async (
  tx: Queryable,
  { contractNumber, entries, units, digest, since }: OwnSealMessage,
  now: Date,
): Promise<boolean | null> =>
  (
    await tx.query<{ agrees: boolean }>(
      `UPDATE usage_seal SET own_entries = $2, own_units = $3, own_digest = $4, own_at = $5, own_since = $6
       WHERE contract_number = $1 AND (own_since IS NULL OR own_since < $6)
       RETURNING (own_entries, own_units, own_digest) = (entries, units, digest) AS agrees`,
      [contractNumber, entries, units, digest, now, new Date(since)],
    )
  )[0]?.agrees ?? null;

export interface SealCounts {
  taken: number;
  /** The application has not told its own yet: at most MAX_COUNTED are counted. */
  unconfirmed: number;
  /** Contracts whose seal is another than the application's: at most ten of their numbers. */
  differing: string[];
}

/** What there is of seals. It reads a counter and few rows of indexes, however many contracts are sealed. */
export const countSeals = async (db: Queryable): Promise<SealCounts> =>
  (
    await db.query<SealCounts>(
      `SELECT coalesce((SELECT value FROM counter WHERE flow = 'usage' AND name = 'sealsTaken'), 0) AS taken,
        ${countAlong('usage_seal', ['contract_number'], 'own_digest IS NULL')} AS unconfirmed,
        coalesce((SELECT jsonb_agg(contract_number ORDER BY contract_number) FROM (
          SELECT contract_number FROM usage_seal WHERE own_digest <> digest ORDER BY contract_number LIMIT 10) AS first_ones), '[]'::jsonb) AS differing`,
    )
  )[0]!;
