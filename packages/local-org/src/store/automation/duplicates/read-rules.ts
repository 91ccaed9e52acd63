import type { MetadataFile } from '../../schema/find-metadata.ts';
import { MetadataError } from '../../schema/problems.ts';
import { readXml, type XmlElement } from '../../schema/xml.ts';
import type { ObjectSchema } from '../../types.ts';
import { everyOf, parseLogic } from '../filter-logic.ts';
import { readCriteria } from '../read-criteria.ts';
import type { DuplicateAction, DuplicateRuleSchema, MatchingItem, MatchingRuleSchema } from './types.ts';

type Objects = ReadonlyMap<string, ObjectSchema>;
type Tell = (problem: string) => void;

/** Standard objects that duplicate management is for, besides custom ones (Salesforce Help, "Duplicate Rules"). */
const STANDARD = new Set(['Account', 'Contact', 'Lead']);
const MATCHING_ELEMENTS = new Set([
  'booleanFilter',
  'description',
  'fullName',
  'label',
  'matchingRuleItems',
  'ruleStatus',
]);
const RULE_ELEMENTS = new Set([
  'actionOnInsert',
  'actionOnUpdate',
  'alertText',
  'description',
  'duplicateRuleFilter',
  'duplicateRuleMatchRules',
  'fullName',
  'isActive',
  'masterLabel',
  'operationsOnInsert',
  'operationsOnUpdate',
  'securityOption',
  'sortOrder',
]);
/** What Salesforce says where the rule has no words of its own. */
const DEFAULT_MESSAGE = "You're creating a duplicate record. We recommend you use an existing record instead.";

function objectOf(objects: Objects, name: string): ObjectSchema {
  const object = objects.get(name.toLowerCase());
  if (object === undefined) throw new MetadataError(`belongs to ${name}, which does not exist`);
  if (object.kind !== 'custom' && !STANDARD.has(object.name))
    throw new MetadataError(
      `${object.name} has no duplicate management: ${[...STANDARD].join(', ')} and custom objects have`,
    );
  return object;
}

/** Reads `matchingRules/<Object>.matchingRule-meta.xml`. `unsupported` hears of methods that compare vaguely. */
export function readMatchingRules(objects: Objects, file: MetadataFile, unsupported: Tell): void {
  const root = readXml(file.path, 'MatchingRules');
  root.only(new Set(['fullName', 'matchingRules']));
  const object = objectOf(objects, file.name);
  object.matchingRules = root.all('matchingRules').map((element) => readMatchingRule(object, element, unsupported));
}

function readMatchingRule(object: ObjectSchema, element: XmlElement, unsupported: Tell): MatchingRuleSchema {
  element.only(MATCHING_ELEMENTS);
  const name = element.needed('fullName');
  const active = element.needed('ruleStatus') === 'Active';
  const items = element.all('matchingRuleItems').map((item) => {
    const method = item.needed('matchingMethod');
    if (active && method !== 'Exact') unsupported(`matching rule ${name}: the method ${method} compares exactly here`);
    return readItem(object, name, item);
  });
  const logic = element.text('booleanFilter');
  return {
    name,
    active,
    items,
    logic: logic === null || logic === '' ? everyOf(items.length) : parseLogic(logic, items.length),
  };
}

function readItem(object: ObjectSchema, rule: string, item: XmlElement): MatchingItem {
  item.only(new Set(['blankValueBehavior', 'fieldName', 'matchingMethod']));
  const field = object.fields.get(item.needed('fieldName').toLowerCase());
  if (field === undefined || field.calculated)
    throw new MetadataError(`matching rule ${rule}: ${item.text('fieldName')} is no field that can be compared`);
  return { field, matchBlanks: item.text('blankValueBehavior') === 'MatchBlanks' };
}

/** Reads `duplicateRules/<Object>.<Name>.duplicateRule-meta.xml`. `unsupported` hears of what an active rule compares with in vain. */
export function readDuplicateRule(objects: Objects, file: MetadataFile, unsupported: Tell): void {
  const root = readXml(file.path, 'DuplicateRule');
  root.only(RULE_ELEMENTS);
  const [objectName = '', name = ''] = file.name.split('.');
  const object = objectOf(objects, objectName);
  const active = root.flag('isActive');
  const filter = root.first('duplicateRuleFilter');
  const rule: DuplicateRuleSchema = {
    name,
    label: root.needed('masterLabel'),
    active,
    order: root.integer('sortOrder') ?? 1,
    criteria: filter === null ? { kind: 'always' } : readCriteria(objects, object, filter, 'duplicateRuleFilterItems'),
    onInsert: actionOf(root, 'Insert'),
    onUpdate: actionOf(root, 'Update'),
    message: root.text('alertText') || DEFAULT_MESSAGE,
    bypassesSharing: root.text('securityOption') === 'BypassSharingRules',
    matchingRules: root
      .all('duplicateRuleMatchRules')
      .flatMap((element) => matchingRuleOf(object, element, active ? unsupported : () => undefined)),
  };
  object.duplicateRules = [...(object.duplicateRules ?? []), rule].sort((a, b) => a.order - b.order);
}

function actionOf(root: XmlElement, operation: 'Insert' | 'Update'): DuplicateAction {
  const action = root.needed(`actionOn${operation}`);
  if (action === 'Block') return 'block';
  if (action !== 'Allow') throw new MetadataError(`<actionOn${operation}> must be Allow or Block, not ${action}`);
  return root.all(`operationsOn${operation}`).some(({ content }) => content === 'Alert') ? 'alert' : 'allow';
}

function matchingRuleOf(object: ObjectSchema, element: XmlElement, unsupported: Tell): MatchingRuleSchema[] {
  const name = element.needed('matchingRule');
  const target = element.needed('matchRuleSObjectType');
  if (target.toLowerCase() !== object.name.toLowerCase()) {
    unsupported(`comparing with records of ${target} has no effect here`);
    return [];
  }
  const rule = object.matchingRules?.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (rule?.active) return [rule];
  unsupported(`the matching rule ${name} is not there or not active: it finds nothing here`);
  return [];
}
