/**
 * The life of a contract (Object Reference, "Contract" and "ContractStatus"; Salesforce Help, "Contract Fields" and
 * 000385190, 000389692): it begins as a draft, is activated by who may activate contracts, and does not go back. The
 * category of its status is its StatusCode.
 */
import type { Row, Value } from '../types.ts';
import type { SaveContext } from './context.ts';
import { isChanged, saveError, valueOf, type Entry } from './entry.ts';

const ACTIVATED = 'Activated';

export const isActivated = (row: Row): boolean => row.values.get('StatusCode') === ACTIVATED;

/** Step's part for contracts: the category of the status, the end of the term, who activated it and when. */
export function deriveContract(context: SaveContext, entry: Entry): void {
  const { values } = entry.row;
  values.set('StatusCode', categoryOf(context, valueOf(entry, 'Status')));
  values.set('EndDate', endOf(valueOf(entry, 'StartDate'), valueOf(entry, 'ContractTerm')));
  if (!isActivated(entry.row) || (entry.old !== null && isActivated(entry.old))) return;
  values.set('ActivatedDate', context.moment);
  values.set('ActivatedById', context.request.access.userId);
}

/** Step's part for contracts: which states follow which, and what is fixed once it is active. */
export function checkContract(context: SaveContext, entry: Entry): void {
  const { old } = entry;
  const was = old !== null && isActivated(old);
  const is = isActivated(entry.row);
  if (is && !was && (old === null || !mayActivate(context))) entry.errors.push(old === null ? FAILED : NOT_ALLOWED);
  if (was && !is) entry.errors.push(FAILED);
  if (was && isChanged(entry, 'AccountId'))
    entry.errors.push(saveError('ENTITY_IS_LOCKED', 'the entity is locked for editing'));
}

const mayActivate = ({ permissions, request }: SaveContext): boolean =>
  permissions.user(request.access.userId, 'ActivateContract');

const FAILED = saveError(
  'FAILED_ACTIVATION',
  'Choose a valid contract status and save your changes. Ask your admin for details.',
  ['Status'],
);
const NOT_ALLOWED = saveError(
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'You need the permission Activate Contracts to activate a contract.',
  ['Status'],
);

function categoryOf({ object }: SaveContext, status: Value): Value {
  const listed = object.fields.get('status')?.picklist?.find(({ value }) => value === status);
  return listed?.category ?? null;
}

/** The last day of a term of so many months: a year from 1 January ends on 31 December. */
function endOf(start: Value, months: Value): Value {
  if (typeof start !== 'string' || typeof months !== 'number') return null;
  const [year, month, day] = start.split('-').map(Number) as [number, number, number];
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const follows = Date.UTC(year, month - 1 + months, Math.min(day, lastOfMonth));
  return new Date(follows - DAY).toISOString().slice(0, 10);
}

const DAY = 86_400_000;
