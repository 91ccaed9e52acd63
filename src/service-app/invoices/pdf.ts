/**
 * An invoice on paper. Nothing of it depends on when or where it is made: dates are the invoice's, streams are not compressed
 * (another zlib writes other bytes), and the id of the file follows from these.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, openSync, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { isFaithful } from './faithful.ts';
import type { Invoice } from './invoice.ts';
import { unpackedFont } from './woff.ts';

const { resolve } = createRequire(import.meta.url);
/** Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian, Georgian. */
const SANS = resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
/** All that the first one does not have: the whole of the Basic Multilingual Plane, in the shapes of a screen. */
const ANY = resolve('@fontsource/unifontex/files/unifontex-latin-400-normal.woff');

const MARGIN = 56;
const WIDTH = 483;
const BOTTOM = 770;
const SIZE = 10;

/** Columns of the table: where they begin, how wide they are, in points. */
const COLUMNS = [
  { label: 'Product', at: 0, width: 90, isNumber: false },
  { label: 'Name', at: 95, width: 140, isNumber: false },
  { label: 'Units', at: 240, width: 75, isNumber: true },
  { label: 'Unit price', at: 320, width: 75, isNumber: true },
  { label: 'Amount', at: 400, width: 83, isNumber: true },
];

/** Read when they are first needed: few invoices need the second one. */
let any: Buffer | null = null;
const anyFont = (): Buffer => (any ??= unpackedFont(readFileSync(ANY)));

let sans: Font | null = null;
const sansOnes = (): Font => (sans ??= openSync(SANS) as Font);
let anyOnes: Font | null = null;

/** Whether the font for most scripts has all of a text. */
const isPlain = (text: string): boolean =>
  [...text].every((character) => sansOnes().hasGlyphForCodePoint(character.codePointAt(0)!));

/** Whether paper shows a text as it is written. */
const isShownAsWritten = (text: string): boolean => {
  const words = shown(text);
  return isFaithful(words, isPlain(words) ? sansOnes() : (anyOnes ??= create(anyFont()) as Font));
};

/** Line ends and tabs are for the layout; no font has them. */
const shown = (text: string): string => text.replaceAll(/[\r\n\t]+/g, ' ');

interface Place {
  width?: number;
  align?: 'left' | 'right';
  size?: number;
}

class Paper {
  readonly #pdf: PDFKit.PDFDocument;
  #y = MARGIN;
  #hasAny = false;

  constructor(pdf: PDFKit.PDFDocument) {
    this.#pdf = pdf;
  }

  /** The second font by its name: given as bytes it would be embedded once for each text. */
  #any(): string {
    if (!this.#hasAny) this.#pdf.registerFont('any', anyFont());
    this.#hasAny = true;
    return 'any';
  }

  /** Writes a text at `x` beside what was written there; answers how high it is. */
  #write(text: string, x: number, { width = WIDTH, align = 'left', size = SIZE }: Place = {}): number {
    const words = shown(text);
    if (isPlain(words)) this.#pdf.font(SANS, size);
    else this.#pdf.font(this.#any(), size);
    const height = this.#pdf.heightOfString(words, { width, align });
    this.#pdf.text(words, MARGIN + x, this.#y, { width, align });
    return height;
  }

  line(text: string, size = SIZE): void {
    this.#y += this.#write(text, 0, { size }) + size / 4;
  }

  gap(points: number): void {
    this.#y += points;
  }

  rule(): void {
    this.#pdf
      .moveTo(MARGIN, this.#y)
      .lineTo(MARGIN + WIDTH, this.#y)
      .lineWidth(0.5)
      .stroke();
    this.#y += 4;
  }

  row(cells: readonly string[]): void {
    const places = COLUMNS.map(({ at, width, isNumber }, index) => ({
      text: cells[index] ?? '',
      at,
      place: { width, align: isNumber ? ('right' as const) : ('left' as const) },
    }));
    if (this.#y > BOTTOM) {
      this.#pdf.addPage();
      this.#y = MARGIN;
    }
    const heights = places.map(({ text, at, place }) => (text === '' ? 0 : this.#write(text, at, place)));
    this.#y += Math.max(...heights) + 4;
  }
}

/** What paper does not show as it is written, by its name on the invoice. */
const notAsWritten = ({ account, lines }: Invoice): string[] =>
  [
    ['customer', account.name],
    ['street', account.street],
    ['postal code', account.postalCode],
    ['city', account.city],
    ['state', account.state],
    ['country', account.country],
    ...lines.flatMap(({ productNumber, productName }, at) => [
      [`product of line ${at + 1}`, productNumber],
      [`name of line ${at + 1}`, productName],
    ]),
  ].flatMap(([name, text]) => (isShownAsWritten(text!) ? [] : [name!]));

const write = (paper: Paper, invoice: Invoice): void => {
  const { account, lines, currency } = invoice;
  paper.line(`Invoice ${invoice.number}`, 18);
  paper.gap(6);
  paper.line(`Date ${invoice.date}`);
  paper.line(`Contract ${invoice.contractNumber}`);
  paper.gap(12);
  for (const part of [
    account.name,
    ...account.street.split('\n'),
    `${account.postalCode} ${account.city}`.trim(),
    account.state,
    account.country,
  ])
    if (part.trim() !== '') paper.line(part);
  paper.gap(18);
  paper.row(COLUMNS.map(({ label }) => label));
  paper.rule();
  for (const line of lines) paper.row([line.productNumber, line.productName, line.units, line.unitPrice, line.amount]);
  paper.rule();
  paper.row(['', 'Total', '', currency, invoice.total]);
  const odd = notAsWritten(invoice);
  if (odd.length === 0) return;
  paper.gap(18);
  paper.line(`Not shown as written, as glyphs, shapes or order are missing: ${odd.join(', ')}.`, 8);
  paper.line('The JSON and CSV of this invoice have these texts as they are.', 8);
};

/** The bytes of the PDF: the same for the same invoice. */
export const pdfOf = (invoice: Invoice): Promise<Uint8Array> =>
  new Promise((done, fail) => {
    const date = new Date(`${invoice.date}T00:00:00Z`);
    const pdf = new PDFDocument({
      size: 'A4',
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
      compress: false,
      info: {
        Title: `Invoice ${invoice.number}`,
        Producer: 'Ad service',
        Creator: 'Ad service',
        CreationDate: date,
        ModDate: date,
      },
      font: SANS,
      lang: 'en',
    });
    const parts: Buffer[] = [];
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => done(Buffer.concat(parts)));
    pdf.on('error', fail);
    write(new Paper(pdf), invoice);
    pdf.end();
  });
