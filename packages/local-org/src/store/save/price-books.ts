/**
 * Price books (Object Reference, "Pricebook2" and "PricebookEntry"; Salesforce Help 000193277): an org has one standard price book, which stays. A product is in a price book once, and in another than the
 * standard one only with a standard price, which its entry may follow.
 */
import type { PlatformRows } from '../records/platform-rows.ts';
import type { ObjectSchema, Row, Schema, Value } from '../types.ts';
import type { SaveContext } from './context.ts';
import { isChanged, saveError, valueOf, type Entry } from './entry.ts';

type Reading = Pick<SaveContext, 'records' | 'schema'>;

/** The id of the org's standard price book, which a new org gets. */
export const standardPriceBook = (rows: PlatformRows): string =>
  rows.find('Pricebook2', { IsStandard: true }) ??
  rows.add('Pricebook2', { Name: 'Standard Price Book', IsStandard: true, IsActive: false });

/** Step's part for price books: the standard one has one name. */
export function checkPriceBook(_context: SaveContext, entry: Entry): void {
  if (entry.old?.values.get('IsStandard') === true && isChanged(entry, 'Name'))
    entry.errors.push(
      saveError('INVALID_FIELD_FOR_INSERT_UPDATE', 'The name of the standard price book is read-only.', ['Name']),
    );
}

/** Adds an error to the standard price book, which nobody deletes. */
export function keepStandardPriceBook(object: ObjectSchema, entries: Entry[]): void {
  if (object.name !== 'Pricebook2') return;
  for (const entry of entries)
    if (entry.old!.values.get('IsStandard') === true)
      entry.errors.push(saveError('DELETE_FAILED', 'The standard price book cannot be deleted.'));
}

/** Step's part for entries: one that follows the standard price has it. A price beside that is the caller's mistake. */
export function deriveEntry(context: SaveContext, entry: Entry): void {
  if (valueOf(entry, 'UseStandardPrice') !== true || isStandard(context, entry)) return;
  const standard = standardEntry(context, entry)?.values.get('UnitPrice');
  if (standard === undefined) return;
  const given = valueOf(entry, 'UnitPrice');
  if (isChanged(entry, 'UnitPrice') && given !== null && given !== standard)
    entry.errors.push(saveError('FIELD_INTEGRITY_EXCEPTION', 'field integrity exception'));
  else entry.row.values.set('UnitPrice', standard);
}

/** Step's part for entries: once in a book, and with an active standard price before any other. */
export function checkEntry(context: SaveContext, entry: Entry): void {
  if (entry.old !== null) return;
  const book = valueOf(entry, 'Pricebook2Id');
  if (entriesOf(context, valueOf(entry, 'Product2Id')).some(({ values }) => values.get('Pricebook2Id') === book))
    entry.errors.push(
      saveError('FIELD_INTEGRITY_EXCEPTION', 'This price definition already exists in this price book'),
    );
  else if (!isStandard(context, entry) && standardEntry(context, entry)?.values.get('IsActive') !== true)
    entry.errors.push(saveError('STANDARD_PRICE_NOT_DEFINED', 'No standard price defined for this product'));
}

/** Step: prices that follow a standard price change with it, as the platform changes them: without triggers. */
export function followStandardPrices(context: SaveContext, entries: Entry[]): void {
  if (context.object.name !== 'PricebookEntry') return;
  for (const entry of entries) {
    if (entry.old === null || !isChanged(entry, 'UnitPrice') || !isStandard(context, entry)) continue;
    const price = new Map([['UnitPrice', valueOf(entry, 'UnitPrice')]]);
    for (const { id, values } of entriesOf(context, valueOf(entry, 'Product2Id')))
      if (values.get('UseStandardPrice') === true) context.records.update(context.object, id!, price);
  }
}

const objectNamed = ({ schema }: { schema: Schema }, name: string): ObjectSchema => schema.objects.get(name)!;

/** The entries of a product, in all price books. */
function entriesOf(context: Reading, product: Value): Row[] {
  const object = objectNamed(context, 'pricebookentry');
  const found = context.records.idsWhere(object, object.fields.get('product2id')!, [product]);
  return context.records.read(
    object,
    found.map(({ id }) => id),
  );
}

const isStandardBook = (context: Reading, id: Value): boolean =>
  context.records.read(objectNamed(context, 'pricebook2'), [id as string])[0]?.values.get('IsStandard') === true;

const isStandard = (context: Reading, entry: Entry): boolean => isStandardBook(context, valueOf(entry, 'Pricebook2Id'));

/** What says the standard price of the entry's product. */
const standardEntry = (context: Reading, entry: Entry): Row | undefined =>
  entriesOf(context, valueOf(entry, 'Product2Id')).find(({ values }) =>
    isStandardBook(context, values.get('Pricebook2Id')!),
  );
