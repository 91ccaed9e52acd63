import type { MetadataFile } from '../../schema/find-metadata.ts';
import { MetadataError } from '../../schema/problems.ts';
import { readXml, type XmlElement } from '../../schema/xml.ts';
import type { ObjectSchema } from '../../types.ts';
import { checkReferences } from './check-references.ts';
import { readElements } from './read-elements.ts';
import { connector, readConditions } from './read-parts.ts';
import { readResources } from './read-resources.ts';
import type { FlowSchema, FlowTrigger } from './types.ts';

/** Elements of a flow that say how it is shown or administered. */
const WITHOUT_EFFECT = [
  'apiVersion',
  'areMetricsLoggedToDataCloud',
  'customProperties',
  'description',
  'environments',
  'fullName',
  'interviewLabel',
  'isAdditionalPermissionRequiredToRun',
  'isOverridable',
  'isTemplate',
  'label',
  'migratedFromWorkflowRuleName',
  'overriddenFlow',
  'processMetadataValues',
  'processType',
  // Record-triggered flows run in system mode, whoever saves.
  'runInMode',
  'sourceTemplate',
  'start',
  'status',
  'timeZoneSidKey',
  'triggerOrder',
];
const SUPPORTED = new Set([
  ...WITHOUT_EFFECT,
  'assignments',
  'constants',
  'customErrors',
  'decisions',
  'formulas',
  'loops',
  'recordCreates',
  'recordDeletes',
  'recordLookups',
  'recordUpdates',
  'textTemplates',
  'variables',
]);
const TIMINGS: Record<string, FlowTrigger['timing']> = { RecordBeforeSave: 'before', RecordAfterSave: 'after' };
const EVENTS: Record<string, FlowTrigger['on']> = {
  Create: { insert: true, update: false },
  Update: { insert: false, update: true },
  CreateAndUpdate: { insert: true, update: true },
};

/**
 * Reads `flows/<Name>.flow-meta.xml`. `unsupported` hears of active flows that use what the local org does not have:
 * they do not run. Throws MetadataError for what Salesforce would refuse too.
 */
export function readFlow(
  objects: ReadonlyMap<string, ObjectSchema>,
  file: MetadataFile,
  unsupported: (problem: string) => void,
): FlowSchema {
  const root = readXml(file.path, 'Flow');
  const flow: FlowSchema = {
    name: file.name,
    label: root.text('label') ?? file.name,
    description: root.text('description'),
    status: root.text('status') ?? 'Draft',
    processType: root.text('processType') ?? 'Flow',
  };
  const refuse = (what: string): void => {
    if (flow.status === 'Active') unsupported(`${what} is not supported by the local org: the flow does not run here`);
  };
  const start = root.first('start');
  const timing = TIMINGS[start?.text('triggerType') ?? ''];
  if (start === null || timing === undefined) {
    refuse(`a flow of type ${flow.processType} with the trigger ${start?.text('triggerType') ?? 'none'}`);
    return flow;
  }
  const missing = whatIsMissing(root, start);
  if (missing !== null) refuse(missing);
  flow.trigger = readTrigger(objects, root, start, timing, missing === null);
  return flow;
}

/** The first thing that the flow uses and the local org does not have, by name. */
function whatIsMissing(root: XmlElement, start: XmlElement): string | null {
  for (const element of root.names()) {
    if (SUPPORTED.has(element)) continue;
    return `the element ${root.first(element)!.text('name') ?? ''} (${element})`;
  }
  if (start.all('scheduledPaths').length > 0) return 'a path that runs later (scheduledPaths)';
  return EVENTS[start.text('recordTriggerType') ?? ''] === undefined
    ? `the event ${start.text('recordTriggerType') ?? ''} (recordTriggerType)`
    : null;
}

function readTrigger(
  objects: ReadonlyMap<string, ObjectSchema>,
  root: XmlElement,
  start: XmlElement,
  timing: FlowTrigger['timing'],
  runs: boolean,
): FlowTrigger {
  const object = objects.get(start.needed('object').toLowerCase());
  if (object === undefined) throw new MetadataError(`starts with ${start.text('object')}, which does not exist`);
  const filters = start.all('filters');
  const trigger: FlowTrigger = {
    object: object.name,
    timing,
    triggerType: start.needed('triggerType'),
    recordTriggerType: start.text('recordTriggerType') ?? '',
    on: EVENTS[start.text('recordTriggerType') ?? ''] ?? { insert: false, update: false },
    order: root.integer('triggerOrder') ?? null,
    conditions:
      filters.length === 0
        ? null
        : readConditions(filters, start.text('filterLogic'), (filter) => `$Record.${filter.needed('field')}`),
    formula: start.text('filterFormula') || null,
    onlyWhenChangedToMeet: start.flag('doesRequireRecordChangedToMeetCriteria'),
    first: connector(start, 'connector'),
    body: null,
  };
  if (!runs) return trigger;
  trigger.body = { elements: readElements(objects, root, timing), resources: readResources(root) };
  checkReferences(objects, object, trigger);
  return trigger;
}
