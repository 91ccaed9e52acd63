import type { MetadataFile } from '../schema/find-metadata.ts';
import { MetadataError } from '../schema/problems.ts';
import { readXml, type XmlElement } from '../schema/xml.ts';
import type { ObjectSchema } from '../types.ts';
import { literalOf } from './literals.ts';
import { readCriteria } from './read-criteria.ts';
import type { FieldUpdateSchema, LookupType, WorkflowRuleSchema } from './types.ts';

const FILE_ELEMENTS = new Set([
  'alerts',
  'fieldUpdates',
  'flowActions',
  'fullName',
  'knowledgePublishes',
  'outboundMessages',
  'rules',
  'send',
  'tasks',
]);
const UPDATE_ELEMENTS = new Set([
  'description',
  'field',
  'formula',
  'fullName',
  'literalValue',
  'lookupValue',
  'lookupValueType',
  'name',
  'notifyAssignee',
  'operation',
  'protected',
  'reevaluateOnChange',
  'targetObject',
]);
const RULE_ELEMENTS = new Set([
  'actions',
  'active',
  'booleanFilter',
  'criteriaItems',
  'description',
  'formula',
  'fullName',
  'triggerType',
  'workflowTimeTriggers',
]);

const TRIGGER_TYPES: Record<string, WorkflowRuleSchema['when']> = {
  onCreateOnly: 'created',
  onAllChanges: 'createdOrEdited',
  onCreateOrTriggeringUpdate: 'createdOrBecameTrue',
};

/**
 * Reads `workflows/<Object>.workflow-meta.xml` (Metadata API Developer Guide, "Workflow"). `unsupported` hears of active
 * rules whose actions have no effect here: emails, tasks, messages and what happens later.
 */
export function readWorkflow(
  objects: ReadonlyMap<string, ObjectSchema>,
  file: MetadataFile,
  unsupported: (problem: string) => void,
): void {
  const root = readXml(file.path, 'Workflow');
  root.only(FILE_ELEMENTS);
  const object = objects.get(file.name.toLowerCase());
  if (object === undefined) throw new MetadataError(`belongs to ${file.name}, which does not exist`);
  const updates = new Map(
    root.all('fieldUpdates').map((element) => [element.needed('fullName'), readFieldUpdate(object, element)]),
  );
  object.fieldUpdates = updates;
  object.workflowRules = root.all('rules').map((element) => {
    const rule = readRule(objects, object, element, updates);
    if (rule.active) for (const problem of withoutEffect(element)) unsupported(`rule ${rule.name}: ${problem}`);
    return rule;
  });
}

function readRule(
  objects: ReadonlyMap<string, ObjectSchema>,
  object: ObjectSchema,
  element: XmlElement,
  updates: ReadonlyMap<string, FieldUpdateSchema>,
): WorkflowRuleSchema {
  element.only(RULE_ELEMENTS);
  const name = element.needed('fullName');
  const triggerType = element.needed('triggerType');
  const when = TRIGGER_TYPES[triggerType];
  if (when === undefined) throw new MetadataError(`rule ${name}: the trigger type ${triggerType} is not supported`);
  return {
    name,
    active: element.flag('active'),
    description: element.text('description'),
    when,
    criteria: readCriteria(objects, object, element),
    fieldUpdates: element
      .all('actions')
      .filter((action) => action.needed('type') === 'FieldUpdate')
      .map((action) => {
        const update = updates.get(action.needed('name'));
        if (update === undefined) throw new MetadataError(`rule ${name} names no field update ${action.text('name')}`);
        return update;
      }),
  };
}

function withoutEffect(rule: XmlElement): string[] {
  const actions = rule.all('actions').filter((action) => action.text('type') !== 'FieldUpdate');
  return [
    ...actions.map((action) => `the action ${action.text('name')} of type ${action.text('type')} has no effect here`),
    ...rule.all('workflowTimeTriggers').map(() => 'time-dependent actions have no effect here'),
  ];
}

function readFieldUpdate(object: ObjectSchema, element: XmlElement): FieldUpdateSchema {
  element.only(UPDATE_ELEMENTS);
  const name = element.needed('fullName');
  const target = element.text('targetObject');
  if (target !== null && target !== '' && target.toLowerCase() !== object.name.toLowerCase())
    throw new MetadataError(`field update ${name}: updating ${target} from ${object.name} is not supported`);
  const field = object.fields.get(element.needed('field').toLowerCase());
  if (field === undefined)
    throw new MetadataError(`field update ${name}: ${object.name} has no field ${element.text('field')}`);
  if (field.calculated || !field.updateable)
    throw new MetadataError(`field update ${name}: ${field.name} is read-only`);
  return { name, field, source: readSource(field, name, element), reevaluate: element.flag('reevaluateOnChange') };
}

function readSource(field: FieldUpdateSchema['field'], name: string, element: XmlElement): FieldUpdateSchema['source'] {
  const operation = element.needed('operation');
  switch (operation) {
    case 'Literal':
      return { kind: 'literal', value: literalOf(field, element.text('literalValue') ?? '') };
    case 'Null':
      return { kind: 'literal', value: field.type === 'boolean' ? false : null };
    case 'Formula':
      return { kind: 'formula', formula: element.needed('formula') };
    case 'NextValue':
    case 'PreviousValue':
      return { kind: 'step', by: operation === 'NextValue' ? 1 : -1 };
    case 'LookupValue': {
      const type = element.text('lookupValueType') ?? 'User';
      if (type !== 'User' && type !== 'Queue' && type !== 'RecordType')
        throw new MetadataError(`field update ${name}: a lookup of type ${type} is not supported`);
      return { kind: 'lookup', type: type satisfies LookupType, name: element.needed('lookupValue') };
    }
    default:
      throw new MetadataError(`field update ${name}: the operation ${operation} is not supported`);
  }
}
