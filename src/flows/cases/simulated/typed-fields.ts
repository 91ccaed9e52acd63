import { canonicalValue, type ContentType, type ContentValue } from '../../../shared/digest/content.ts';
import type { Scalar } from '../../../shared/case-messages.ts';
import { HOSTILE, SAMPLE, type TypedField } from '../../../shared/sample.ts';
import { START } from '../../../simulation/stage.ts';

const DAY = 86_400_000;
/** Times of two serials differ by more than a minute. */
const STEP_MS = 61_000;
/** Whole degrees, francs: the digits behind the point make each value a new one. */
const WHOLES = 80;
const FIVE_DIGITS = 10_000;

/** A value as a person writes it, and as both sides hold it in the end. */
export interface TypedValue {
  written: Scalar;
  held: string | null;
}

const OPEN = ['New', 'Working', 'Escalated'];

/** Fields that every Case has. In the hostile org nobody closes one: what is closed may not change there, and both sides would differ. */
const standardFields = (hosted: boolean): readonly TypedField[] => [
  { field: 'Status', type: 'text', owner: 'external', values: hosted ? OPEN : [...OPEN, 'Closed'] },
  { field: 'Priority', type: 'text', owner: 'salesforce', values: ['High', 'Medium', 'Low'] },
  { field: 'Description', type: 'text', owner: 'salesforce', form: 'lines' },
];

/** The fields of a world whose values have a form. */
export const typedFieldsOf = ({ hosted }: { hosted: boolean }): readonly TypedField[] => [
  ...SAMPLE.play.typed,
  ...standardFields(hosted),
  ...(hosted ? HOSTILE.typed : []),
];

/** How values of the fields are compared. */
export const typesOf = (fields: readonly TypedField[]): Record<string, ContentType> =>
  Object.fromEntries(fields.map(({ field, type }) => [field, type]));

const TEXTS = ['Subject', SAMPLE.play.ownedOutside, SAMPLE.play.ownedInside, 'Origin'];

/** All fields that both sides hold, and how their values are compared. */
export const comparedTypes = (typed: readonly TypedField[]): Record<string, ContentType> => ({
  ...Object.fromEntries(TEXTS.map((field) => [field, 'text' as const])),
  ...typesOf(typed),
});

/** Whether each serial has a value of its own: then it can be told who gave it. */
export const isTold = ({ type, values }: TypedField): boolean => type !== 'boolean' && values === undefined;

/** As a value is compared, on either side. */
export const heldAs = ({ type }: TypedField, value: ContentValue): string | null => canonicalValue(value, type);

const textOf = ({ form }: TypedField, serial: number): string => {
  if (form === 'five digits') return String(FIVE_DIGITS + serial);
  return form === 'lines' ? `Given ${serial},\nin lines` : `Given ${serial}`;
};

const written = (field: TypedField, serial: number): Scalar => {
  switch (field.type) {
    case 'number':
      return Number(((serial % WHOLES) + (serial + 1) / 10 ** field.digits!).toFixed(field.digits));
    case 'boolean':
      return serial % 2 === 0;
    case 'date':
      return new Date(START + serial * DAY).toISOString().slice(0, 10);
    case 'datetime':
      return `${new Date(START + serial * STEP_MS).toISOString().slice(0, 19)}Z`;
    case 'text':
      return textOf(field, serial);
  }
};

/** Spelt as a person may, where the registry has a spelling of its own. */
const spelt = ({ type, form }: TypedField, value: Scalar, serial: number): Scalar => {
  if (serial % 3 !== 0) return value;
  if (form === 'title case') return ` ${String(value).toLowerCase()}`;
  if (form === 'lines') return String(value).replace('\n', ' \r\n');
  return type === 'datetime' ? String(value).replace('Z', '.400Z') : value;
};

/** The value of this serial: another for each serial, where the field has so many. */
export const typedValue = (field: TypedField, serial: number): TypedValue => {
  const value = field.values ? field.values[serial % field.values.length]! : written(field, serial);
  return { written: spelt(field, value, serial), held: heldAs(field, value) };
};

/** Whether the registry refuses a value. */
export const isRefused = ({ refused }: TypedField, value: ContentValue): boolean =>
  refused !== undefined && value === refused;
