import { readCriteria } from '../automation/read-criteria.ts';
import type { Criteria, FieldUpdateSchema } from '../automation/types.ts';
import type { MetadataFile } from '../schema/find-metadata.ts';
import { MetadataError } from '../schema/problems.ts';
import { readXml, type XmlElement } from '../schema/xml.ts';
import type { ObjectSchema } from '../types.ts';
import type { ApprovalStepSchema, Person } from './types.ts';

type Objects = ReadonlyMap<string, ObjectSchema>;
type Tell = (problem: string) => void;

/** Those about pages, emails and delegates have no effect on records. */
const ELEMENTS = new Set([
  'active',
  'allowRecall',
  'allowedSubmitters',
  'approvalPageFields',
  'approvalStep',
  'description',
  'emailTemplate',
  'enableMobileDeviceAccess',
  'entryCriteria',
  'finalApprovalActions',
  'finalApprovalRecordLock',
  'finalRejectionActions',
  'finalRejectionRecordLock',
  'fullName',
  'initialSubmissionActions',
  'label',
  'nextAutomatedApprover',
  'postTemplate',
  'processOrder',
  'recallActions',
  'recordEditability',
  'showApprovalHistory',
]);
const STEP_ELEMENTS = new Set([
  'allowDelegate',
  'approvalActions',
  'assignedApprover',
  'description',
  'entryCriteria',
  'ifCriteriaNotMet',
  'label',
  'name',
  'rejectBehavior',
  'rejectionActions',
]);
const OTHERWISE: Record<string, ApprovalStepSchema['otherwise']> = {
  ApproveRecord: 'approve',
  RejectRecord: 'reject',
  GotoNextStep: 'next',
};

interface Reading {
  objects: Objects;
  object: ObjectSchema;
  /** Hears of what an active process asks for in vain. */
  unsupported: Tell;
}

/** Reads `approvalProcesses/<Object>.<Name>.approvalProcess-meta.xml`; the field updates that it names are those of the object's workflow. */
export function readApprovalProcess(objects: Objects, file: MetadataFile, unsupported: Tell): void {
  const root = readXml(file.path, 'ApprovalProcess');
  root.only(ELEMENTS);
  const [objectName = '', name = ''] = file.name.split('.');
  const object = objects.get(objectName.toLowerCase());
  if (object === undefined) throw new MetadataError(`belongs to ${objectName}, which does not exist`);
  const active = root.flag('active');
  const reading: Reading = { objects, object, unsupported: active ? unsupported : () => undefined };
  const actions = (element: string): FieldUpdateSchema[] => readActions(reading, root.first(element));
  object.approvalProcesses = [
    ...(object.approvalProcesses ?? []),
    {
      name,
      label: root.needed('label'),
      description: root.text('description'),
      active,
      criteria: criteriaOf(reading, root),
      submitters: root
        .all('allowedSubmitters')
        .flatMap((element) => readPerson(reading, element.needed('type'), element.text('submitter') ?? '')),
      approverEdits: editability(root),
      allowRecall: root.flag('allowRecall'),
      steps: root.all('approvalStep').map((element) => readStep(reading, element)),
      onSubmission: actions('initialSubmissionActions'),
      onApproval: actions('finalApprovalActions'),
      onRejection: actions('finalRejectionActions'),
      onRecall: actions('recallActions'),
      locksApproved: root.flag('finalApprovalRecordLock'),
      locksRejected: root.flag('finalRejectionRecordLock'),
    },
  ];
}

function editability(root: XmlElement): boolean {
  const who = root.needed('recordEditability');
  if (who !== 'AdminOnly' && who !== 'AdminOrCurrentApprover')
    throw new MetadataError(`<recordEditability> must be AdminOnly or AdminOrCurrentApprover, not ${who}`);
  return who === 'AdminOrCurrentApprover';
}

function criteriaOf({ objects, object }: Reading, element: XmlElement): Criteria {
  const criteria = element.first('entryCriteria');
  return criteria === null ? { kind: 'always' } : readCriteria(objects, object, criteria);
}

function readStep(reading: Reading, element: XmlElement): ApprovalStepSchema {
  element.only(STEP_ELEMENTS);
  const assigned = element.first('assignedApprover');
  const otherwise = element.text('ifCriteriaNotMet');
  return {
    name: element.needed('name'),
    criteria: criteriaOf(reading, element),
    otherwise: otherwise === null || otherwise === '' ? 'reject' : (OTHERWISE[otherwise] ?? 'reject'),
    approvers: (assigned?.all('approver') ?? []).flatMap((approver) =>
      readPerson(reading, approver.needed('type'), approver.text('name') ?? ''),
    ),
    unanimous: assigned?.text('whenMultipleApprovers') === 'Unanimous',
    goesBack: element.first('rejectBehavior')?.text('type') === 'BackToPrevious',
    onApproval: readActions(reading, element.first('approvalActions')),
    onRejection: readActions(reading, element.first('rejectionActions')),
  };
}

function readPerson({ object, unsupported }: Reading, type: string, name: string): Person[] {
  switch (type) {
    case 'user':
    case 'queue':
    case 'group':
      return [{ kind: type, name }];
    case 'owner':
      return [{ kind: 'field', field: 'OwnerId' }];
    case 'creator':
      return [{ kind: 'field', field: 'CreatedById' }];
    case 'relatedUserField': {
      const field = object.fields.get(name.toLowerCase());
      if (field?.referenceTo?.includes('User') !== true)
        throw new MetadataError(`${object.name}.${name} is no lookup to a user`);
      return [{ kind: 'field', field: field.name }];
    }
    case 'userHierarchyField':
      return [{ kind: 'hierarchy', field: name }];
    case 'adhoc':
      return [{ kind: 'chosen' }];
    case 'allInternalUsers':
      return [{ kind: 'everybody' }];
    default:
      unsupported(`people by ${type} have no effect here`);
      return [];
  }
}

function readActions({ object, unsupported }: Reading, element: XmlElement | null): FieldUpdateSchema[] {
  return (element?.all('action') ?? []).flatMap((action) => {
    const [name, type] = [action.needed('name'), action.needed('type')];
    if (type !== 'FieldUpdate') {
      unsupported(`the action ${name} of type ${type} has no effect here`);
      return [];
    }
    const update = object.fieldUpdates?.get(name);
    if (update === undefined) throw new MetadataError(`names no field update ${name} of ${object.name}`);
    return [update];
  });
}
