import { quoted } from '../../src/shared/salesforce/soql.ts';
import type { Effect, ObjectDescription, Rule, RulesReader } from './types.ts';

/** The custom permission that rules let pass (docs/host-automation.md). */
const PERMISSION = 'Concord_Sync';
const LET_PASS = `let it pass $Permission.${PERMISSION} (docs/host-automation.md)`;

/** What is read of an object. */
/** Names of parts that are Concord’s own: they refuse what breaks its protocol, not what it saves. */
export interface OwnParts {
  triggers: ReadonlySet<string>;
  validationRules: ReadonlySet<string>;
  /** In lower case. */
  fields: ReadonlySet<string>;
}

export interface Asked {
  object: string;
  /** Fields that a record from outside brings. */
  synced: ReadonlySet<string>;
  /** What this project brings to the object itself. */
  own: OwnParts;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const namesPermission = (metadata: unknown): boolean => JSON.stringify(metadata ?? '').includes(PERMISSION);

/** The Tooling API gives the metadata of one row at a time (Tooling API Developer Guide, "Metadata"). */
const metadataOf = async ({ tooling }: RulesReader, object: string, id: unknown): Promise<unknown> =>
  (await tooling(`SELECT Metadata FROM ${object} WHERE Id = ${quoted(text(id))}`))[0]?.Metadata;

const passing = (passes: boolean, effect: Effect, doing: string): Pick<Rule, 'effect' | 'text'> =>
  passes ? { effect: 'lets Concord pass', text: `asks for ${PERMISSION}` } : { effect, text: `${doing}; ${LET_PASS}` };

/** What rules call an object: a standard one by its name, a custom one by the id of its definition (Tooling API, EntityDefinition). */
const definitionOf = async ({ tooling }: RulesReader, object: string): Promise<string> => {
  if (!object.includes('__')) return object;
  const rows = await tooling(`SELECT DurableId FROM EntityDefinition WHERE QualifiedApiName = ${quoted(object)}`);
  return text(rows[0]?.DurableId);
};

const validationRules = async (org: RulesReader, { object, own }: Asked): Promise<Rule[]> => {
  const rows = await org.tooling(
    `SELECT Id, ValidationName, ErrorMessage FROM ValidationRule WHERE Active = true AND EntityDefinitionId = ${quoted(await definitionOf(org, object))} ORDER BY ValidationName`,
  );
  const rules: Rule[] = [];
  for (const row of rows) {
    if (own.validationRules.has(text(row.ValidationName))) continue;
    const passes = namesPermission(await metadataOf(org, 'ValidationRule', row.Id));
    rules.push({
      kind: 'validation rule',
      name: text(row.ValidationName),
      ...passing(passes, 'can refuse', `says “${text(row.ErrorMessage)}”`),
    });
  }
  return rules;
};

const WHEN: Record<string, string> = {
  RecordBeforeSave: 'runs before each save and may set values back: a new version leaves then',
  RecordAfterSave: 'runs after each save and may fail it, or save the record again',
  RecordBeforeDelete: 'runs before a deletion and may refuse it',
};

const flows = async (org: RulesReader, { label }: ObjectDescription): Promise<Rule[]> => {
  const rows = await org.query(
    `SELECT ApiName, TriggerType, ActiveVersionId FROM FlowDefinitionView WHERE IsActive = true AND TriggerObjectOrEventLabel = ${quoted(label)} ORDER BY ApiName`,
  );
  const rules: Rule[] = [];
  for (const row of rows) {
    const does = WHEN[text(row.TriggerType)];
    if (does === undefined) continue;
    const passes = namesPermission(await metadataOf(org, 'Flow', row.ActiveVersionId));
    rules.push({ kind: 'flow', name: text(row.ApiName), ...passing(passes, 'can refuse', does) });
  }
  return rules;
};

/** Field updates refuse nothing; what they set back is a change, which leaves. */
const workflowRules = async (org: RulesReader, { object }: Asked): Promise<Rule[]> => {
  const rows = await org.tooling(
    `SELECT Id, Name FROM WorkflowRule WHERE TableEnumOrId = ${quoted(await definitionOf(org, object))} ORDER BY Name`,
  );
  const rules: Rule[] = [];
  for (const row of rows) {
    const metadata = (await metadataOf(org, 'WorkflowRule', row.Id)) as { active?: boolean } | null;
    if (metadata?.active !== true) continue;
    rules.push({
      kind: 'workflow rule',
      name: text(row.Name),
      ...passing(
        namesPermission(metadata),
        'can change values',
        'its field updates may set values back: a new version leaves then',
      ),
    });
  }
  return rules;
};

const triggers = async (org: RulesReader, { object, own }: Asked): Promise<Rule[]> =>
  (
    await org.tooling(
      `SELECT Name, Body FROM ApexTrigger WHERE TableEnumOrId = ${quoted(await definitionOf(org, object))} AND Status = 'Active' ORDER BY Name`,
    )
  )
    .filter(({ Name }) => !own.triggers.has(text(Name)))
    .map((row) => ({
      kind: 'trigger',
      name: text(row.Name),
      ...passing(namesPermission(row.Body), 'can refuse', 'its Apex may fail the save or save the record again'),
    }));

/** Concord asks for them only where it is set up to: for others, saves over REST run them unless a header says no. */
const assignmentRules = async ({ query }: RulesReader, { object }: Asked): Promise<Rule[]> =>
  (
    await query(`SELECT Name FROM AssignmentRule WHERE SobjectType = ${quoted(object)} AND Active = true ORDER BY Name`)
  ).map(({ Name }) => ({
    kind: 'assignment rule',
    name: text(Name),
    effect: 'can change values',
    text: 'gives the record another owner when a client saves it over REST without Sforce-Auto-Assign: FALSE; of Concord’s saves only new records, where Outside Case asks for it',
  }));

const WHO_EDITS: Record<string, string> = {
  Workitem: 'administrators and its approver edit them',
  Admin: 'only administrators edit them',
};

const approvals = async ({ query }: RulesReader, { object }: Asked): Promise<Rule[]> =>
  (
    await query(
      `SELECT DeveloperName, LockType FROM ProcessDefinition WHERE TableEnumOrId = ${quoted(object)} AND Type = 'Approval' AND State = 'Active' ORDER BY DeveloperName`,
    )
  ).map(({ DeveloperName, LockType }) => ({
    kind: 'approval process',
    name: text(DeveloperName),
    effect: 'can refuse',
    text: `locks records while they wait for approval${WHO_EDITS[text(LockType)] === undefined ? '' : `: ${WHO_EDITS[text(LockType)]}`}; the state of the sync stands beside them until then, or let the integration user edit locked records (docs/host-automation.md)`,
  }));

const duplicateRules = async ({ query }: RulesReader, { object }: Asked): Promise<Rule[]> =>
  (
    await query(
      `SELECT DeveloperName FROM DuplicateRule WHERE SobjectType = ${quoted(object)} AND IsActive = true ORDER BY DeveloperName`,
    )
  ).map(({ DeveloperName }) => ({
    kind: 'duplicate rule',
    name: text(DeveloperName),
    effect: 'can refuse',
    text: 'blocks or alerts of what looks like a duplicate, and asks for no permission; except the integration user in its conditions (Current User: Username)',
  }));

/** A record from outside brings the synced fields alone. */
const requiredFields = ({ fields }: ObjectDescription, { synced, own }: Asked): Rule[] =>
  fields
    .filter(({ nillable, createable, defaultedOnCreate }) => !nillable && createable && !defaultedOnCreate)
    .filter(
      ({ name, type }) => type !== 'boolean' && !synced.has(name.toLowerCase()) && !own.fields.has(name.toLowerCase()),
    )
    .map(({ name }) => ({
      kind: 'required field',
      name,
      effect: 'can refuse',
      text: 'a record from outside does not bring it; sync it, give it a default value, or do not require it',
    }));

/** Null: the org has no such object. */
const describeIfThere = async ({ describe }: RulesReader, object: string): Promise<ObjectDescription | null> => {
  try {
    return await describe(object);
  } catch (error) {
    if ((error as { errorCode?: string }).errorCode === 'NOT_FOUND') return null;
    throw error;
  }
};

/** Everything active in the org that a save of Concord passes, on one synced object; null: the org has no such object. */
export const readRules = async (org: RulesReader, asked: Asked): Promise<Rule[] | null> => {
  const description = await describeIfThere(org, asked.object);
  if (!description) return null;
  return [
    ...(await validationRules(org, asked)),
    ...(await flows(org, description)),
    ...(await workflowRules(org, asked)),
    ...(await triggers(org, asked)),
    ...(await assignmentRules(org, asked)),
    ...(await approvals(org, asked)),
    ...(await duplicateRules(org, asked)),
    ...requiredFields(description, asked),
  ];
};
