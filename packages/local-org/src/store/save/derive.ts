import { emptySummary } from '../summaries/summarise.ts';
import type { Value } from '../types.ts';
import { deriveContract } from './contract.ts';
import type { SaveContext } from './context.ts';
import { valueOf, type Entry } from './entry.ts';
import { deriveEntry } from './price-books.ts';

type Derivation = (context: SaveContext, entry: Entry) => void;

/** Step: summaries of new records, and fields of standard objects that Salesforce computes from others when a record is saved. */
export function deriveFields(context: SaveContext, entries: Entry[]): void {
  for (const entry of entries) if (entry.old === null) emptySummaries(context, entry);
  const derive = DERIVATIONS[context.object.name];
  if (derive !== undefined) for (const entry of entries) derive(context, entry);
}

/** A new record has no details yet. */
function emptySummaries(context: SaveContext, entry: Entry): void {
  for (const { name, summaryOperation } of context.shape.summaries)
    entry.row.values.set(name, emptySummary(summaryOperation!));
}

const closedState =
  (statusField: string, closed: string, won?: string): Derivation =>
  (context, entry) => {
    const status = valueOf(entry, statusField);
    const listed = context.object.fields
      .get(statusField.toLowerCase())
      ?.picklist?.find((value) => value.value === status);
    set(context, entry, closed, listed?.closed === true);
    if (won !== undefined) set(context, entry, won, listed?.won === true);
  };

const caseClosed = closedState('Status', 'IsClosed');

/** A case that is closed gets its closing date; one that is opened again loses it. */
const deriveCase: Derivation = (context, entry) => {
  caseClosed(context, entry);
  const closed = valueOf(entry, 'IsClosed') === true;
  const wasClosed = entry.old?.values.get('IsClosed') === true;
  if (closed !== wasClosed || entry.old === null) set(context, entry, 'ClosedDate', closed ? context.moment : null);
  if (entry.old === null && valueOf(entry, 'AccountId') === null)
    set(context, entry, 'AccountId', accountOfContact(context, entry));
};

/** A case that is opened for a contact belongs to the contact's account. */
function accountOfContact(context: SaveContext, entry: Entry): Value {
  const contact = valueOf(entry, 'ContactId');
  if (typeof contact !== 'string') return null;
  return context.records.read(context.schema.objects.get('contact')!, [contact])[0]?.values.get('AccountId') ?? null;
}

const personName: Derivation = (context, entry) => {
  const parts = [valueOf(entry, 'FirstName'), valueOf(entry, 'LastName')].filter((part) => part !== null);
  set(context, entry, 'Name', parts.length === 0 ? null : parts.join(' '));
};

const DERIVATIONS: Record<string, Derivation> = {
  Case: deriveCase,
  Contact: personName,
  Contract: deriveContract,
  Lead: personName,
  PricebookEntry: deriveEntry,
  Opportunity: closedState('StageName', 'IsClosed', 'IsWon'),
  Task: closedState('Status', 'IsClosed'),
  User: personName,
};

function set(context: SaveContext, entry: Entry, field: string, value: Value): void {
  const schema = context.object.fields.get(field.toLowerCase());
  if (schema !== undefined) entry.row.values.set(schema.name, value);
}
