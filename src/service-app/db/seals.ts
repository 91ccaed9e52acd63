/** Seals of contracts: what Salesforce sealed, and what the bookings here come to. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { SealMessage, Use } from '../../shared/usage-messages.ts';
import type { SealedEntry, UsageSeal } from '../../shared/usage-seal.ts';

export interface ContractSeal extends Omit<SealMessage, 'kind' | 'id' | 'sealedAt'> {
  sealedAt: Date;
  own: UsageSeal;
}

const SEAL = `SELECT contract_number AS "contractNumber", entries, units, amount, digest, basis, basis_digest AS "basisDigest",
    sealed_at AS "sealedAt", jsonb_build_object('entries', own_entries, 'units', own_units, 'digest', own_digest) AS own
  FROM contract_seal`;

export const findSeal = async (db: Queryable, contractNumber: string): Promise<ContractSeal | null> =>
  (await db.query<ContractSeal>(`${SEAL} WHERE contract_number = $1`, [contractNumber]))[0] ?? null;

/** The latest first. */
export const listSeals = (db: Queryable, limit: number): Promise<ContractSeal[]> =>
  db.query<ContractSeal>(`${SEAL} ORDER BY sealed_at DESC, contract_number LIMIT $1`, [limit]);

/** In the order of the numbers of their contracts, after this one. */
export const sealsAfter = (db: Queryable, after: string, limit: number): Promise<ContractSeal[]> =>
  db.query<ContractSeal>(`${SEAL} WHERE contract_number > $1 ORDER BY contract_number LIMIT $2`, [after, limit]);

/** Keeps a seal; a contract that has one keeps it. */
export const insertSeal = (
  tx: Queryable,
  seal: Omit<SealMessage, 'kind' | 'id'>,
  own: UsageSeal,
  now: Date,
): Promise<unknown> =>
  tx.query(
    `INSERT INTO contract_seal (contract_number, entries, units, amount, digest, basis, basis_digest, sealed_at, own_entries, own_units, own_digest, own_since)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
    [
      seal.contractNumber,
      seal.entries,
      seal.units,
      seal.amount,
      seal.digest,
      seal.basis,
      seal.basisDigest,
      new Date(seal.sealedAt),
      own.entries,
      own.units,
      own.digest,
      now,
    ],
  );

/** Keeps what the bookings come to since now; later than before, also where the clock was put back. */
export const saveOwn = (tx: Queryable, contractNumber: string, own: UsageSeal, now: Date): Promise<unknown> =>
  tx.query(
    `UPDATE contract_seal SET own_entries = $2, own_units = $3, own_digest = $4,
      own_since = greatest($5::timestamptz, own_since + interval '1 millisecond')
     WHERE contract_number = $1 AND own_digest <> $4`,
    [contractNumber, own.entries, own.units, own.digest, now],
  );

/** What the bookings come to is told once more, as of now: later than all that was said before. */
export const tellAgain = (tx: Queryable, contractNumber: string, own: UsageSeal, now: Date): Promise<unknown> =>
  tx.query(
    `UPDATE contract_seal SET own_entries = $2, own_units = $3, own_digest = $4,
      own_since = greatest($5::timestamptz, own_since + interval '1 millisecond')
     WHERE contract_number = $1`,
    [contractNumber, own.entries, own.units, own.digest, now],
  );

/** Contracts whose bookings do not come to what was sealed. */
export const differingSeals = async (db: Queryable, limit: number): Promise<string[]> =>
  (
    await db.query<{ number: string }>(
      `SELECT contract_number AS number FROM contract_seal WHERE own_digest <> digest ORDER BY contract_number LIMIT $1`,
      [limit],
    )
  ).map(({ number }) => number);

export interface UntoldSeal {
  contractNumber: string;
  own: UsageSeal;
  /** Since when the bookings come to that. */
  since: Date;
}

/** What the middle layer does not know yet. */
export const untoldSeals = (db: Queryable, limit: number): Promise<UntoldSeal[]> =>
  db.query(
    `SELECT contract_number AS "contractNumber", own_since AS since,
      jsonb_build_object('entries', own_entries, 'units', own_units, 'digest', own_digest) AS own
     FROM contract_seal WHERE told_since IS DISTINCT FROM own_since ORDER BY contract_number LIMIT $1`,
    [limit],
  );

/** The middle layer knows what the bookings come to since then. */
export const markTold = (db: Queryable, contractNumber: string, since: string): Promise<unknown> =>
  db.query('UPDATE contract_seal SET told_since = $2 WHERE contract_number = $1', [contractNumber, new Date(since)]);

interface AppliedAd {
  adId: string;
  version: number;
  uses: Use[];
}

/** What Salesforce has applied of the bookings of a contract, as usage entries that count. */
export const appliedEntries = async (db: Queryable, contractNumber: string): Promise<SealedEntry[]> => {
  const ads = await db.query<AppliedAd>(
    `SELECT ad.id AS "adId", change.version, change.state -> 'uses' AS uses
       FROM ad_change AS change JOIN ad ON ad.id = change.ad_id AND ad.applied_version = change.version
      WHERE change.state ->> 'contractNumber' = $1 AND change.state ->> 'cancelled' = 'false'`,
    [contractNumber],
  );
  return ads.flatMap(({ adId, version, uses }) =>
    uses.map(({ position, productNumber, units }) => ({ key: `${adId}#${position}`, version, units, productNumber })),
  );
};

/** Ads of a contract whose newest version is still to be reported, or whose outcome is: what they come to may change. */
export const countUnsettled = async (db: Queryable, contractNumber: string): Promise<number> =>
  (
    await db.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM report JOIN ad ON ad.id = report.ad_id
        WHERE ad.contract_number = $1 OR EXISTS (SELECT 1 FROM ad_change AS change
          WHERE change.ad_id = ad.id AND change.version = ad.applied_version AND change.state ->> 'contractNumber' = $1)`,
      [contractNumber],
    )
  )[0]!.count;
