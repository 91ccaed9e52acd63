/** A field as the store's catalogue has it; types are those of Salesforce's describe. */
export interface StandardField {
  name: string;
  label: string;
  type: string;
  createable: boolean;
  updateable: boolean;
  length?: number;
  precision?: number;
  scale?: number;
  required?: boolean;
  unique?: boolean;
  externalId?: boolean;
  idLookup?: boolean;
  caseSensitive?: boolean;
  nameField?: boolean;
  calculated?: boolean;
  restricted?: boolean;
  cascadeDelete?: boolean;
  compound?: boolean;
  defaultValue?: string | number | boolean;
  autoNumber?: { format: string };
  picklist?: { value: string; label: string; default?: boolean }[];
  referenceTo?: string[];
  relationshipName?: string;
  childRelationshipName?: string;
}

const NUMERIC = new Set(['double', 'currency', 'percent']);
const DEFAULT_LENGTH: Record<string, number> = {
  id: 18,
  reference: 18,
  picklist: 255,
  combobox: 255,
  multipicklist: 4099,
  string: 255,
  textarea: 32000,
  email: 80,
  phone: 40,
  url: 255,
};

const READ_ONLY = { createable: false, updateable: false };

/** What each flag of the short form sets; the value is what stands behind its colon. */
const FLAGS: Record<string, (value: string, field: StandardField) => Partial<StandardField>> = {
  req: () => ({ required: true }),
  unique: () => ({ unique: true }),
  ext: () => ({ externalId: true, idLookup: true }),
  idlookup: () => ({ idLookup: true }),
  cs: () => ({ caseSensitive: true }),
  name: () => ({ nameField: true, idLookup: true }),
  title: () => ({ nameField: true }),
  calc: () => ({ calculated: true, ...READ_ONLY }),
  auto: (format) => ({ autoNumber: { format }, ...READ_ONLY }),
  ro: () => READ_ONLY,
  co: () => ({ updateable: false }),
  uo: () => ({ createable: false }),
  restricted: () => ({ restricted: true }),
  cascade: () => ({ cascadeDelete: true }),
  label: (label) => ({ label }),
  rel: (relationshipName) => ({ relationshipName }),
  children: (childRelationshipName) => ({ childRelationshipName }),
  default: (value, field) => ({ defaultValue: field.type === 'boolean' ? value === 'true' : value }),
};

/**
 * Reads the overlay's short form of a field: a type with its size, then flags, then after `=` the
 * picklist's values with `*` behind the default. `string(255) req name`, `ref(Account) rel:Parent`,
 * `picklist(255) req = New*|Working|Closed`.
 */
export function readFieldSpec(name: string, spec: string): StandardField {
  const [head = '', values] = spec.split(/\s*=\s*/, 2);
  const [typeToken = '', ...flags] = head.split(/\s+/);
  const match = /^(\w+)(?:\(([^)]*)\))?$/.exec(typeToken);
  if (match === null) throw new Error(`${name}: cannot read ${spec}`);
  const field = sized(name, match[1] ?? '', match[2]);
  for (const flag of flags.filter((text) => text !== '')) applyFlag(field, flag);
  if (values !== undefined) field.picklist = values.split('|').map(picklistValue);
  return field;
}

function sized(name: string, word: string, size: string | undefined): StandardField {
  const type = word === 'ref' ? 'reference' : word;
  const field: StandardField = { name, label: labelOf(name), type, createable: true, updateable: true };
  if (type === 'boolean') field.defaultValue = false;
  if (type === 'address') Object.assign(field, { compound: true, createable: false, updateable: false });
  if (word === 'ref') field.referenceTo = (size ?? '').split(',').filter((target) => target !== '');
  if (NUMERIC.has(type)) {
    const [precision = 18, scale = type === 'currency' ? 2 : 0] = (size ?? '').split(',').filter(Boolean).map(Number);
    field.precision = precision;
    field.scale = scale;
  } else {
    const length = word !== 'ref' && size !== undefined ? Number(size) : DEFAULT_LENGTH[type];
    if (length !== undefined) field.length = length;
  }
  return field;
}

function applyFlag(field: StandardField, flag: string): void {
  const colon = flag.indexOf(':');
  const key = colon < 0 ? flag : flag.slice(0, colon);
  const value = colon < 0 ? '' : flag.slice(colon + 1).replaceAll('_', ' ');
  const change = FLAGS[key];
  if (change === undefined) throw new Error(`${field.name}: unknown flag ${flag}`);
  Object.assign(field, change(value, field));
}

function picklistValue(text: string): { value: string; label: string; default?: boolean } {
  const isDefault = text.endsWith('*');
  const [value = '', label] = text.replace(/\*$/, '').split('~');
  return { value, label: label ?? value, ...(isDefault ? { default: true } : {}) };
}

export function labelOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/\bId$/, 'ID');
}
