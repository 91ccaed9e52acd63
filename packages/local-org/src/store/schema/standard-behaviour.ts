import type { PicklistValue } from '../types.ts';

/** What Salesforce builds into standard objects and no catalogue tells. */

/** Read-only fields that show a field of the parent record. */
export const DERIVED_FORMULAS: Record<string, string> = {
  'Case.ContactPhone': 'Contact.Phone',
  'Case.ContactMobile': 'Contact.MobilePhone',
  'Case.ContactEmail': 'Contact.Email',
  'Case.ContactFax': 'Contact.Fax',
  'PricebookEntry.Name': 'Product2.Name',
  'PricebookEntry.ProductCode': 'Product2.ProductCode',
};

/** What values of status fields make of the record: whether they close it, its status category. */
export const STATUS_VALUES: Record<string, Record<string, Pick<PicklistValue, 'closed' | 'won' | 'category'>>> = {
  'Case.Status': { Closed: { closed: true } },
  'Contract.Status': {
    Draft: { category: 'Draft' },
    'In Approval Process': { category: 'InApproval' },
    Activated: { category: 'Activated' },
  },
  'Task.Status': { Completed: { closed: true } },
  'Opportunity.StageName': { 'Closed Won': { closed: true, won: true }, 'Closed Lost': { closed: true } },
};

/** Where the auto numbers of a new org begin, when not at 1. */
export const FIRST_NUMBERS: Record<string, number> = { 'Case.CaseNumber': 1000, 'Contract.ContractNumber': 100 };

/** Which fields show a standard value set. */
export const STANDARD_VALUE_SETS: Record<string, string[]> = {
  AccountOwnership: ['Account.Ownership'],
  AccountRating: ['Account.Rating', 'Lead.Rating'],
  AccountType: ['Account.Type'],
  AssetStatus: ['Asset.Status'],
  CaseOrigin: ['Case.Origin'],
  CasePriority: ['Case.Priority'],
  CaseReason: ['Case.Reason'],
  CaseStatus: ['Case.Status'],
  CaseType: ['Case.Type'],
  ContractStatus: ['Contract.Status'],
  EventSubject: ['Event.Subject'],
  EventType: ['Event.Type'],
  Industry: ['Account.Industry', 'Lead.Industry'],
  LeadSource: ['Lead.LeadSource', 'Contact.LeadSource', 'Account.AccountSource', 'Opportunity.LeadSource'],
  LeadStatus: ['Lead.Status'],
  OpportunityStage: ['Opportunity.StageName'],
  OpportunityType: ['Opportunity.Type'],
  Product2Family: ['Product2.Family'],
  Salutation: ['Contact.Salutation', 'Lead.Salutation'],
  TaskPriority: ['Task.Priority'],
  TaskStatus: ['Task.Status'],
  TaskSubject: ['Task.Subject'],
  TaskType: ['Task.Type'],
};

/** Fields whose values together may occur once only. */
export const UNIQUE_TOGETHER: Record<string, string[]> = {
  FieldPermissions: ['ParentId', 'Field'],
  GroupMember: ['GroupId', 'UserOrGroupId'],
  ObjectPermissions: ['ParentId', 'SobjectType'],
  PermissionSetAssignment: ['AssigneeId', 'PermissionSetId'],
  QueueSobject: ['QueueId', 'SobjectType'],
  SetupEntityAccess: ['ParentId', 'SetupEntityId'],
};

/** Objects that only the Tooling API has. */
export const TOOLING_ONLY = new Set(['Flow', 'ValidationRule', 'WorkflowRule']);

/** Objects of the catalogue whose rows the local org does not keep: querying them is an error, not an empty answer. */
export const WITHOUT_ROWS = new Set(['CaseHistory', 'FieldDefinition', 'LoginHistory']);
