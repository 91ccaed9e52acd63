import type { ObjectSchema } from '../types.ts';

/** Objects whose rows say who may do what. */
const SETUP = new Set([
  'apexclass',
  'apextrigger',
  'assignmentrule',
  'businessprocess',
  'contractstatus',
  'customnotificationtype',
  'custompermission',
  'duplicaterule',
  'fieldpermissions',
  'flow',
  'flowdefinitionview',
  'group',
  'groupmember',
  'objectpermissions',
  'organization',
  'permissionset',
  'permissionsetassignment',
  'permissionsetgroup',
  'permissionsetgroupcomponent',
  'processdefinition',
  'profile',
  'queuesobject',
  'recordtype',
  'setupentityaccess',
  'user',
  'userlicense',
  'userrole',
  'validationrule',
  'workflowrule',
]);

export const isSetupObject = (object: string): boolean => SETUP.has(object.toLowerCase());

/** Whether the object's rows are the org's set-up, which an isolated test sees too. */
export const isSetupData = (object: ObjectSchema): boolean =>
  object.kind === 'customMetadata' || isSetupObject(object.name);
