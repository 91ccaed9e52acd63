import type { PicklistValue } from '../types.ts';
import type { MetadataFile } from './find-metadata.ts';
import { MetadataError } from './problems.ts';
import { readXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

const VALUE = new Set([
  'fullName',
  'label',
  'default',
  'isActive',
  'description',
  'color',
  'closed',
  'won',
  'allowEmail',
  'converted',
  'cssExposed',
  'forecastCategory',
  'groupingString',
  'highPriority',
  'probability',
  'reverseRole',
  'reviewed',
  'urlFormat',
]);

/** Values of a value set element in source order, or by label when the set says `sorted`. */
export function readValues(set: XmlElement, child: string): PicklistValue[] {
  const values = set.all(child).map(readValue);
  return set.flag('sorted') ? values.sort((a, b) => (a.label < b.label ? -1 : 1)) : values;
}

function readValue(element: XmlElement): PicklistValue {
  element.only(VALUE);
  const value = unescape(element.needed('fullName'));
  const category = element.text('groupingString');
  return {
    value,
    label: element.text('label') ?? value,
    ...(element.flag('default') && { default: true }),
    ...(element.text('isActive') === 'false' && { active: false }),
    ...(element.flag('closed') && { closed: true }),
    ...(element.flag('won') && { won: true }),
    ...(category !== null && { category }),
  };
}

/** The metadata API writes reserved characters of value names as `%2C`. */
function unescape(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Reads `*.globalValueSet-meta.xml`. */
export function readGlobalValueSet(file: MetadataFile): PicklistValue[] {
  const root = readXml(file.path, 'GlobalValueSet');
  root.only(new Set(['customValue', 'description', 'fullName', 'masterLabel', 'sorted']));
  return readValues(root, 'customValue');
}

/** Reads `*.standardValueSet-meta.xml`. */
export function readStandardValueSet(file: MetadataFile): PicklistValue[] {
  const root = readXml(file.path, 'StandardValueSet');
  root.only(new Set(['fullName', 'groupingStringEnum', 'sorted', 'standardValue']));
  return readValues(root, 'standardValue');
}

/** Reads a field's `<valueSet>`: its own values, or those of a global value set. */
export function readFieldValueSet(
  set: XmlElement,
  globals: Map<string, PicklistValue[]>,
): { picklist: PicklistValue[]; restricted: boolean } {
  set.only(new Set(['controllingField', 'restricted', 'valueSetDefinition', 'valueSetName', 'valueSettings']));
  const restricted = set.flag('restricted');
  const name = set.text('valueSetName');
  if (name !== null) {
    const picklist = globals.get(name.toLowerCase());
    if (picklist === undefined)
      throw new MetadataError(`<valueSetName> names the global value set ${name}, which does not exist`);
    // A field that shows a global value set takes only its values.
    return { picklist, restricted: true };
  }
  const definition = set.first('valueSetDefinition');
  if (definition === null) throw new MetadataError('<valueSet> has neither <valueSetDefinition> nor <valueSetName>');
  definition.only(new Set(['sorted', 'value']));
  return { picklist: readValues(definition, 'value'), restricted };
}
