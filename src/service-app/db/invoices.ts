/** Invoices as they were first made. */
import type { Queryable } from '../../shared/sql/types.ts';
import { sha256 } from '../../shared/usage-seal.ts';
import type { Format } from '../invoices/formats.ts';

export interface MadeInvoice {
  format: Format;
  sha256: string;
  madeAt: Date;
  madeBy: string;
}

/** What was made of the invoice of a contract, in the order of the formats. */
export const madeInvoices = (db: Queryable, contractNumber: string): Promise<MadeInvoice[]> =>
  db.query<MadeInvoice>(
    `SELECT format, sha256, made_at AS "madeAt", made_by AS "madeBy" FROM invoice WHERE contract_number = $1 ORDER BY format`,
    [contractNumber],
  );

/** Keeps the bytes, unless there are some already: then those stay. */
export const keepInvoice = (
  tx: Queryable,
  made: { contractNumber: string; format: Format; bytes: Uint8Array; by: string; at: Date },
): Promise<unknown> =>
  tx.query(
    `INSERT INTO invoice (contract_number, format, bytes, sha256, made_at, made_by) VALUES ($1, $2, decode($3, 'base64'), $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [
      made.contractNumber,
      made.format,
      Buffer.from(made.bytes).toString('base64'),
      sha256(made.bytes),
      made.at,
      made.by,
    ],
  );

/** Null: it was not made yet. */
export const invoiceBytes = async (
  db: Queryable,
  contractNumber: string,
  format: Format,
): Promise<Uint8Array | null> => {
  const [row] = await db.query<{ base64: string }>(
    `SELECT encode(bytes, 'base64') AS base64 FROM invoice WHERE contract_number = $1 AND format = $2`,
    [contractNumber, format],
  );
  return row ? Buffer.from(row.base64, 'base64') : null;
};
