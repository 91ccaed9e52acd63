/** Makes invoices: once, and then always the same. */
import { sha256 } from '../../shared/usage-seal.ts';
import type { Context } from '../context.ts';
import type { Contracts } from '../contracts.ts';
import { keepInvoice, madeInvoices } from '../db/invoices.ts';
import type { AuditedSeals } from './audited-seals.ts';
import type { Basis } from './basis.ts';
import { bytesOf, FORMATS } from './formats.ts';
import { invoiceOf } from './invoice.ts';
import { verifySeal } from './verify.ts';

export type Made = { is: 'made' | 'madeAgain' } | { is: 'refused'; problems: string[] };

/**
 * Makes the invoice of a contract where all sides agree on its seal. Made again, it is built again and must be what is kept,
 * byte by byte. Rejects with SalesforceAway and MiddleLayerAway.
 */
export const makeInvoice = async (
  context: Context,
  sides: { contracts: Contracts; audited: AuditedSeals },
  contractNumber: string,
  by: string,
): Promise<Made> => {
  const verdict = await verifySeal(context, sides, contractNumber);
  return verdict.agrees
    ? keep(context, contractNumber, verdict.basis, by)
    : { is: 'refused', problems: verdict.problems };
};

const keep = async (context: Context, contractNumber: string, basis: Basis, by: string): Promise<Made> => {
  const built = await bytesOf(invoiceOf(basis));
  return context.db.transaction(async (tx): Promise<Made> => {
    const before = await madeInvoices(tx, contractNumber);
    const at = new Date(context.clock.now());
    for (const format of FORMATS) await keepInvoice(tx, { contractNumber, format, bytes: built[format], by, at });
    const changed = before.filter((made) => made.sha256 !== sha256(built[made.format]));
    if (changed.length > 0)
      return {
        is: 'refused',
        problems: changed.map(
          ({ format, madeAt }) =>
            `The ${format.toUpperCase()} comes out otherwise than on ${madeAt.toISOString()}. What was made then is kept; tell who runs this application.`,
        ),
      };
    return { is: before.length === FORMATS.length ? 'madeAgain' : 'made' };
  });
};
