import type { MetadataFile } from '../schema/find-metadata.ts';
import { MetadataError } from '../schema/problems.ts';
import { readXml, type XmlElement } from '../schema/xml.ts';
import type { ObjectSchema } from '../types.ts';
import { readCriteria } from './read-criteria.ts';
import type { AssignmentEntry, OwnerName } from './types.ts';

type Objects = ReadonlyMap<string, ObjectSchema>;

/** Objects that have assignment rules (Metadata API Developer Guide, "AssignmentRules"). */
const ASSIGNED = new Set(['Case', 'Lead']);

/** Elements of an entry; those for emails and escalation have no effect on who owns the record. */
const ENTRY_ELEMENTS = new Set([
  'assignedTo',
  'assignedToType',
  'booleanFilter',
  'businessHours',
  'businessHoursSource',
  'criteriaItems',
  'disableEscalationWhenModified',
  'escalationAction',
  'escalationStartTime',
  'formula',
  'notifyCcRecipients',
  'overrideExistingTeams',
  'replyToEmail',
  'senderEmail',
  'senderName',
  'team',
  'template',
]);

/** Reads `assignmentRules/Case.assignmentRules-meta.xml`. `unsupported` hears of teams, which the local org does not have. */
export function readAssignmentRules(
  objects: Objects,
  file: MetadataFile,
  unsupported: (problem: string) => void,
): void {
  const root = readXml(file.path, 'AssignmentRules');
  root.only(new Set(['assignmentRule', 'fullName']));
  const object = objects.get(file.name.toLowerCase());
  if (object === undefined || !ASSIGNED.has(object.name))
    throw new MetadataError(`assignment rules are of ${[...ASSIGNED].join(' and ')}, not of ${file.name}`);
  object.assignmentRules = root.all('assignmentRule').map((element) => {
    element.only(new Set(['active', 'fullName', 'ruleEntry']));
    const name = element.needed('fullName');
    const lines = element.all('ruleEntry');
    if (lines.some((line) => line.all('team').length > 0)) unsupported(`rule ${name}: teams have no effect here`);
    return {
      name,
      active: element.flag('active'),
      entries: lines.map((line) => readEntry(objects, object, line)),
    };
  });
  const active = object.assignmentRules.filter((rule) => rule.active);
  if (active.length > 1)
    throw new MetadataError(`only one assignment rule may be active, not ${active.map(({ name }) => name).join(', ')}`);
}

function readEntry(objects: Objects, object: ObjectSchema, line: XmlElement): AssignmentEntry {
  line.only(ENTRY_ELEMENTS);
  const name = line.text('assignedTo');
  return {
    criteria: readCriteria(objects, object, line),
    owner: name === null || name === '' ? null : ownerName(name, line.text('assignedToType')),
  };
}

function ownerName(name: string, type: string | null): OwnerName {
  if (type !== 'User' && type !== 'Queue') throw new MetadataError(`${name} must be a User or a Queue, not ${type}`);
  return { type, name };
}

/** Reads who gets the Cases that no rule assigns from `settings/Case.settings-meta.xml`; other settings have no effect here. */
export function readSupportSettings(objects: Objects, file: MetadataFile): void {
  if (file.name !== 'Case') return;
  const root = readXml(file.path, 'CaseSettings');
  const name = root.text('defaultCaseOwner');
  if (name !== null && name !== '')
    objects.get('case')!.defaultOwner = ownerName(name, root.text('defaultCaseOwnerType'));
}
