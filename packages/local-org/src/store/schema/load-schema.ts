import type { FieldSchema, ObjectSchema, PicklistValue, Schema } from '../types.ts';
import { readApprovalProcess } from '../approvals/read-process.ts';
import { readDuplicateRule, readMatchingRules } from '../automation/duplicates/read-rules.ts';
import { readFlow } from '../automation/flow/read-flow.ts';
import type { FlowSchema } from '../automation/flow/types.ts';
import { readAssignmentRules, readSupportSettings } from '../automation/read-assignment-rules.ts';
import { readWorkflow } from '../automation/read-workflow.ts';
import { readCustomField } from './custom-field.ts';
import { lookup } from './field.ts';
import type { MetadataFile } from './find-metadata.ts';
import type { KeyPrefixes } from './key-prefixes.ts';
import { LOADED, UNSUPPORTED, WITHOUT_EFFECT_ON_RECORDS } from './metadata-types.ts';
import { applySharingModel, kindOf, newObject, OBJECT_ELEMENTS } from './object-file.ts';
import { MetadataError } from './problems.ts';
import type { MetadataProblems } from './problems.ts';
import { readRecordType, readValidationRule } from './object-parts.ts';
import { checkMasters, linkRelationships } from './relationships.ts';
import { linkSummaries } from './link-summaries.ts';
import type { UnlinkedSummary } from './link-summaries.ts';
import { STANDARD_VALUE_SETS } from './standard-behaviour.ts';
import { standardObjects } from './standard-objects.ts';
import { readGlobalValueSet, readStandardValueSet } from './value-sets.ts';
import { readXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

interface Loading {
  objects: Map<string, ObjectSchema>;
  globals: Map<string, PicklistValue[]>;
  problems: MetadataProblems;
  /** Roll-up summaries, which are linked once the fields of all details are known. */
  unlinked: UnlinkedSummary[];
}

/** Builds the schema: the standard catalogue, then what the project's metadata adds to it. */
export function loadSchema(files: MetadataFile[], prefixes: KeyPrefixes, problems: MetadataProblems): Schema {
  const loading: Loading = {
    objects: new Map(standardObjects().map((object) => [object.name.toLowerCase(), object])),
    globals: new Map(),
    problems,
    unlinked: [],
  };
  const each = (suffix: string, load: (file: MetadataFile) => void): void => {
    for (const file of files) if (file.suffix === suffix) problems.guard(file.path, () => load(file));
  };
  const told = (file: MetadataFile) => (problem: string) =>
    void problems.unsupported.push({ file: file.path, problem });
  for (const file of files) checkType(file, problems);
  each('globalValueSet', (file) => loading.globals.set(file.name.toLowerCase(), readGlobalValueSet(file)));
  each('standardValueSet', (file) => applyStandardValueSet(file, loading));
  each('object', (file) => loadObject(file, prefixes, loading));
  each('field', (file) => addField(ownerOf(file, loading), readXml(file.path, 'CustomField'), loading, file.path));
  linkSummaries(loading.objects, loading.unlinked, problems);
  each('validationRule', (file) =>
    ownerOf(file, loading).validationRules.push(readValidationRule(readXml(file.path, 'ValidationRule'))),
  );
  each('recordType', (file) => addRecordType(ownerOf(file, loading), readXml(file.path, 'RecordType')));
  each('workflow', (file) => readWorkflow(loading.objects, file, told(file)));
  each('assignmentRules', (file) => readAssignmentRules(loading.objects, file, told(file)));
  each('approvalProcess', (file) => readApprovalProcess(loading.objects, file, told(file)));
  each('matchingRule', (file) => readMatchingRules(loading.objects, file, told(file)));
  each('duplicateRule', (file) => readDuplicateRule(loading.objects, file, told(file)));
  const flows: FlowSchema[] = [];
  each('flow', (file) => flows.push(loadFlow(loading, file)));
  each('settings', (file) => readSupportSettings(loading.objects, file));
  linkRelationships(loading.objects, problems);
  checkMasters(loading.objects, problems);
  return { objects: loading.objects, byKeyPrefix: byKeyPrefix(loading.objects), flows };
}

function checkType(file: MetadataFile, problems: MetadataProblems): void {
  if (LOADED.has(file.suffix) || WITHOUT_EFFECT_ON_RECORDS.has(file.suffix)) return;
  const known = UNSUPPORTED.has(file.suffix);
  problems.unsupported.push({
    file: file.path,
    problem: known
      ? `metadata of type ${file.suffix} is not supported by the local org: it has no effect here`
      : `unknown metadata type ${file.suffix}: it has no effect in the local org`,
  });
}

function loadObject(file: MetadataFile, prefixes: KeyPrefixes, loading: Loading): void {
  const { objects } = loading;
  const root = readXml(file.path, 'CustomObject');
  root.only(OBJECT_ELEMENTS);
  const name = file.name;
  const kind = kindOf(name, root);
  let object = objects.get(name.toLowerCase());
  if (kind === null) {
    if (object === undefined)
      throw new MetadataError(`the standard object ${name} is not in the local org's catalogue (catalogues/)`);
    applySharingModel(object, root);
  } else if (object === undefined) {
    object = newObject(name, kind, root, prefixes.of(name, kind));
    objects.set(name.toLowerCase(), object);
  }
  for (const element of root.all('fields')) addField(object, element, loading, file.path);
  for (const element of root.all('validationRules')) object.validationRules.push(readValidationRule(element));
  for (const element of root.all('recordTypes')) addRecordType(object, element);
}

function ownerOf(file: MetadataFile, { objects }: Loading): ObjectSchema {
  if (file.object === null) throw new MetadataError('lies outside an objects folder');
  const object = objects.get(file.object.toLowerCase());
  if (object === undefined)
    throw new MetadataError(
      `belongs to ${file.object}, which has no object-meta.xml and is not in the standard catalogue`,
    );
  return object;
}

function addField(object: ObjectSchema, element: XmlElement, { globals, unlinked }: Loading, file: string): void {
  const name = element.needed('fullName');
  const standard = object.fields.get(name.toLowerCase());
  if (!name.endsWith('__c')) return customizeStandardField(object, standard, element, name);
  const made = readCustomField(object.name, element, globals);
  if (standard !== undefined) throw new MetadataError(`${object.name}.${name} is defined twice`);
  object.fields.set(name.toLowerCase(), made);
  if (element.text('type') === 'Summary') unlinked.push({ object, field: made, element, file });
  if (made.relationshipOrder !== undefined) {
    // A detail has no owner of its own: its master's owner counts.
    object.fields.delete('ownerid');
    object.sharingModel = 'ControlledByParent';
  }
}

/** Files of standard fields say how they are administered; of the picklists only their values matter here. */
function customizeStandardField(
  object: ObjectSchema,
  field: FieldSchema | undefined,
  element: XmlElement,
  name: string,
): void {
  if (field === undefined)
    throw new MetadataError(`${object.name} has no standard field ${name} in the local org's catalogue`);
  element.only(
    new Set([
      'description',
      'fullName',
      'inlineHelpText',
      'label',
      'trackFeedHistory',
      'trackHistory',
      'trackTrending',
      'type',
      'valueSet',
    ]),
  );
}

function addRecordType(object: ObjectSchema, element: XmlElement): void {
  object.recordTypes = [...(object.recordTypes ?? []), readRecordType(element)];
  if (!object.fields.has('recordtypeid'))
    object.fields.set('recordtypeid', lookup('RecordTypeId', 'Record Type ID', ['RecordType'], 'RecordType'));
}

function applyStandardValueSet(file: MetadataFile, { objects }: Loading): void {
  const targets = STANDARD_VALUE_SETS[file.name];
  if (targets === undefined)
    throw new MetadataError(
      `the standard value set ${file.name} is not known to the local org (schema/standard-behaviour.ts)`,
    );
  const values = readStandardValueSet(file);
  for (const target of targets) {
    const [object = '', name = ''] = target.split('.');
    const field = objects.get(object.toLowerCase())?.fields.get(name.toLowerCase());
    if (field !== undefined) field.picklist = values;
  }
}

function loadFlow({ objects, problems }: Loading, file: MetadataFile): FlowSchema {
  const flow = readFlow(objects, file, (problem) => problems.unsupported.push({ file: file.path, problem }));
  const object = objects.get(flow.trigger?.object.toLowerCase() ?? '');
  if (object !== undefined) object.flows = [...(object.flows ?? []), flow];
  return flow;
}

function byKeyPrefix(objects: Map<string, ObjectSchema>): Map<string, ObjectSchema> {
  return new Map(
    [...objects.values()].filter((object) => object.keyPrefix !== '').map((object) => [object.keyPrefix, object]),
  );
}
