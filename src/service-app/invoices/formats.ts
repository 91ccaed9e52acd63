/** An invoice as JSON, as CSV and as PDF: each a function of the invoice alone. */
import { harmlessCsvLine } from '../../shared/csv.ts';
import type { Invoice } from './invoice.ts';
import { pdfOf } from './pdf.ts';

export const FORMATS = ['csv', 'json', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];

export const isFormat = (value: string): value is Format => (FORMATS as readonly string[]).includes(value);

export const CONTENT_TYPES: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  pdf: 'application/pdf',
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const jsonOf = (invoice: Invoice): Uint8Array => utf8(`${JSON.stringify(invoice, null, 2)}\n`);

const csvOf = ({ number, contractNumber, account, currency, date, lines, total }: Invoice): Uint8Array => {
  const head = [
    'Invoice',
    'Date',
    'Contract',
    'Account',
    'Product',
    'Name',
    'Units',
    'Unit price',
    'Amount',
    'Currency',
  ];
  const about = [number, date, contractNumber, account.name];
  const rows = [
    head,
    ...lines.map((line) => [
      ...about,
      line.productNumber,
      line.productName,
      line.units,
      line.unitPrice,
      line.amount,
      currency,
    ]),
    [...about, '', 'Total', '', '', total, currency],
  ];
  return utf8(rows.map(harmlessCsvLine).join(''));
};

/** The invoice in every format. */
export const bytesOf = async (invoice: Invoice): Promise<Record<Format, Uint8Array>> => ({
  csv: csvOf(invoice),
  json: jsonOf(invoice),
  pdf: await pdfOf(invoice),
});
