import { MetadataError } from '../../schema/problems.ts';
import type { XmlElement } from '../../schema/xml.ts';
import type { ObjectSchema } from '../../types.ts';
import { fieldAt } from '../field-path.ts';
import { connector, readConditions, readFieldValues, readOperand } from './read-parts.ts';
import { soqlLogic } from './soql.ts';
import type { Assignment, DataElement, Element, FlowTrigger, Selection, Target } from './types.ts';

type Objects = ReadonlyMap<string, ObjectSchema>;

/** Reads what a flow does, by the names of its elements. Before the save no other record may be written. */
export function readElements(objects: Objects, root: XmlElement, timing: FlowTrigger['timing']): Map<string, Element> {
  const readers: Record<string, (element: XmlElement) => Element> = {
    assignments: readAssignment,
    decisions: readDecision,
    loops: readLoop,
    customErrors: readError,
    recordLookups: (element) => readLookup(objects, element),
    recordCreates: (element) => afterSave(timing, readCreate(objects, element)),
    recordUpdates: (element) => {
      const update = readUpdate(objects, element);
      const ofRecord =
        update.kind === 'update' && update.target.kind === 'reference' && update.target.path === '$Record';
      return ofRecord ? update : afterSave(timing, update);
    },
    recordDeletes: (element) => afterSave(timing, readDelete(objects, element)),
  };
  const elements = new Map<string, Element>();
  for (const [kind, read] of Object.entries(readers)) {
    for (const element of root.all(kind)) {
      const name = element.needed('name');
      try {
        elements.set(name, read(element));
      } catch (error) {
        if (error instanceof MetadataError) throw new MetadataError(`the element ${name} (${kind}): ${error.message}`);
        throw error;
      }
    }
  }
  return elements;
}

function afterSave(timing: FlowTrigger['timing'], element: Element): Element {
  if (timing === 'before') throw new MetadataError('a flow that runs before the save writes no other records');
  return element;
}

const stepOf = (element: XmlElement): { name: string; next: string | null } => ({
  name: element.needed('name'),
  next: connector(element, 'connector'),
});

const readAssignment = (element: XmlElement): Element => ({
  ...stepOf(element),
  kind: 'assignment',
  items: element.all('assignmentItems').map((item): Assignment => {
    const operator = item.needed('operator');
    if (!['Assign', 'Add', 'Subtract', 'AddItem'].includes(operator))
      throw new MetadataError(`the operator ${operator} of assignments is not supported by the local org`);
    return { to: item.needed('assignToReference'), operator, value: readOperand(item.first('value')) };
  }),
});

const readDecision = (element: XmlElement): Element => ({
  name: element.needed('name'),
  kind: 'decision',
  next: connector(element, 'defaultConnector'),
  outcomes: element.all('rules').map((rule) => ({
    name: rule.needed('name'),
    next: connector(rule, 'connector'),
    conditions: readConditions(rule.all('conditions'), rule.text('conditionLogic'), (condition) =>
      condition.needed('leftValueReference'),
    ),
  })),
});

const readLoop = (element: XmlElement): Element => ({
  name: element.needed('name'),
  kind: 'loop',
  next: connector(element, 'noMoreValuesConnector'),
  collection: element.needed('collectionReference'),
  descending: element.text('iterationOrder') === 'Desc',
  body: connector(element, 'nextValueConnector'),
});

const readError = (element: XmlElement): Element => ({
  ...stepOf(element),
  kind: 'error',
  messages: element.all('customErrorMessages').map((message) => ({
    text: message.needed('errorMessage'),
    field: message.flag('isFieldError') ? message.needed('fieldSelection') : null,
  })),
});

function objectOf(objects: Objects, name: string): ObjectSchema {
  const object = objects.get(name.toLowerCase());
  if (object === undefined) throw new MetadataError(`names ${name}, which does not exist`);
  return object;
}

function readSelection(objects: Objects, element: XmlElement): Selection {
  const object = objectOf(objects, element.needed('object'));
  const filters = element.all('filters');
  for (const filter of filters) fieldAt(objects, object, filter.needed('field'));
  return {
    object: object.name,
    conditions: readConditions(filters, element.text('filterLogic'), (filter) => filter.needed('field')),
    soql: soqlLogic(element.text('filterLogic')),
  };
}

function readLookup(objects: Objects, element: XmlElement): DataElement {
  if (element.all('outputAssignments').length > 0)
    throw new MetadataError('outputAssignments are not supported by the local org: store the record');
  const selection = readSelection(objects, element);
  const sortField = element.text('sortField');
  if (sortField) fieldAt(objects, objectOf(objects, selection.object), sortField);
  return {
    ...stepOf(element),
    kind: 'lookup',
    fault: connector(element, 'faultConnector'),
    selection,
    orderBy: sortField ? `${sortField} ${element.text('sortOrder') === 'Desc' ? 'DESC' : 'ASC'}` : null,
    limit: element.integer('limit') ?? null,
    first:
      element.flag('getFirstRecordOnly') ||
      (element.text('getFirstRecordOnly') === null && !element.text('outputReference')),
    output: element.text('outputReference'),
  };
}

function checkFields(objects: Objects, name: string, values: readonly Assignment[]): void {
  for (const { to } of values) fieldAt(objects, objectOf(objects, name), to);
}

function readCreate(objects: Objects, element: XmlElement): DataElement {
  const values = readFieldValues(element);
  const object = element.text('object');
  if (object) checkFields(objects, object, values);
  return {
    ...stepOf(element),
    kind: 'create',
    fault: connector(element, 'faultConnector'),
    object: object ? objectOf(objects, object).name : null,
    reference: element.text('inputReference'),
    values,
  };
}

function readTarget(objects: Objects, element: XmlElement): Target {
  const path = element.text('inputReference');
  return path ? { kind: 'reference', path } : { kind: 'selection', ...readSelection(objects, element) };
}

function readUpdate(objects: Objects, element: XmlElement): DataElement {
  const values = readFieldValues(element);
  const target = readTarget(objects, element);
  if (target.kind === 'selection') checkFields(objects, target.object, values);
  return { ...stepOf(element), kind: 'update', fault: connector(element, 'faultConnector'), target, values };
}

const readDelete = (objects: Objects, element: XmlElement): DataElement => ({
  ...stepOf(element),
  kind: 'delete',
  fault: connector(element, 'faultConnector'),
  target: readTarget(objects, element),
});
