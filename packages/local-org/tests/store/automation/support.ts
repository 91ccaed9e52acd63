/** Stores on projects that stand in the test itself. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Row, SaveError, TriggerCall, Value } from '../../../src/store/types.ts';
import { FakeTriggers, testStore, type TestStore } from '../open.ts';

/** A store on a project of these files, by their path without `-meta.xml`. */
export const storeWith = (files: Record<string, string>): TestStore => {
  const dir = mkdtempSync(join(tmpdir(), 'store-automation-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, `${path}-meta.xml`), text);
    }
    return testStore({ packageDirs: [dir] });
  } finally {
    rmSync(dir, { recursive: true });
  }
};

/** `{ a: '1', b: ['2', '3'] }` as elements. */
export const xml = (values: Record<string, string | string[]>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => [value].flat().map((each) => `<${name}>${each}</${name}>`))
    .join('');

export const formulaUpdate = (name: string, field: string, formula: string, more = ''): string =>
  `<fieldUpdates><fullName>${name}</fullName><name>${name}</name><field>${field}</field><formula>${formula}</formula><operation>Formula</operation>${more}</fieldUpdates>`;

export const literalUpdate = (name: string, field: string, value: string, more = ''): string =>
  `<fieldUpdates><fullName>${name}</fullName><name>${name}</name><field>${field}</field><literalValue>${value}</literalValue><operation>Literal</operation>${more}</fieldUpdates>`;

/** A workflow rule: `when` is its formula, unless it begins with `<`. */
export const rule = (name: string, triggerType: string, when: string, updates: string[]): string =>
  `<rules><fullName>${name}</fullName><active>true</active>${when.startsWith('<') ? when : `<formula>${when}</formula>`}<triggerType>${triggerType}</triggerType>${updates
    .map((update) => `<actions><name>${update}</name><type>FieldUpdate</type></actions>`)
    .join('')}</rules>`;

export const criterion = (field: string, operation: string, value: string): string =>
  `<criteriaItems>${xml({ field, operation, value })}</criteriaItems>`;

/** Triggers that note what they see of a field: `before update High -> Low`. */
export const noting = (field: string, run?: (call: TriggerCall) => SaveError[][] | void): [FakeTriggers, string[]] => {
  const seen: string[] = [];
  const of = (rows: Row[] | undefined): Value[] => (rows ?? []).map((row) => row.values.get(field) ?? null);
  const triggers = new FakeTriggers((call) => {
    const old = of(call.oldRows);
    of(call.newRows).forEach((value, at) =>
      seen.push(`${call.timing} ${call.operation} ${call.oldRows ? `${String(old[at])} -> ` : ''}${String(value)}`),
    );
    return run?.(call);
  });
  return [triggers, seen];
};

export const validationRule = (object: string, name: string, formula: string): Record<string, string> => ({
  [`objects/${object}/validationRules/${name}.validationRule`]: `<ValidationRule>${xml({ fullName: name, active: 'true', errorConditionFormula: formula, errorMessage: name })}</ValidationRule>`,
});

/** Matching rules of an object; every field is compared, exactly unless told otherwise. */
export const matchingRules = (
  object: string,
  rules: { name: string; fields: string[]; logic?: string; blanks?: string; method?: string }[],
): Record<string, string> => ({
  [`matchingRules/${object}.matchingRule`]: `<MatchingRules>${rules
    .map(({ name, fields, logic = '', blanks = 'NullNotAllowed', method = 'Exact' }) => {
      const items = fields.map(
        (fieldName) =>
          `<matchingRuleItems>${xml({ blankValueBehavior: blanks, fieldName, matchingMethod: method })}</matchingRuleItems>`,
      );
      return `<matchingRules>${xml({ fullName: name, booleanFilter: logic, label: name, ruleStatus: 'Active' })}${items.join('')}</matchingRules>`;
    })
    .join('')}</MatchingRules>`,
});

export interface DuplicateRuleParts {
  matching?: string[];
  onInsert?: 'Allow' | 'Block';
  onUpdate?: 'Allow' | 'Block';
  alerts?: boolean;
  alertText?: string;
  active?: boolean;
  filter?: string;
  more?: string;
}

/** A duplicate rule, by `Object.Name`. */
export const duplicateRule = (
  fullName: string,
  {
    matching = [],
    onInsert = 'Allow',
    onUpdate = 'Allow',
    alerts = false,
    active = true,
    alertText = '',
    filter = '',
    more = '',
  }: DuplicateRuleParts,
): Record<string, string> => {
  const [object = '', name = ''] = fullName.split('.');
  const rules = matching.map(
    (rule) =>
      `<duplicateRuleMatchRules>${xml({ matchRuleSObjectType: object, matchingRule: rule })}<objectMapping xsi:nil="true"/></duplicateRuleMatchRules>`,
  );
  return {
    [`duplicateRules/${fullName}.duplicateRule`]: `<DuplicateRule xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${xml(
      {
        actionOnInsert: onInsert,
        actionOnUpdate: onUpdate,
        alertText,
        isActive: String(active),
        masterLabel: name,
        operationsOnInsert: alerts ? ['Alert', 'Report'] : ['Report'],
        operationsOnUpdate: alerts ? ['Alert'] : [],
        securityOption: 'EnforceSharingRules',
        sortOrder: '1',
      },
    )}${filter}${rules.join('')}${more}</DuplicateRule>`,
  };
};

/** An approval process of Cases by one approver, who is named by user name. */
export const approvalProcess = (
  name: string,
  elements: Record<string, string>,
  steps: string[],
): Record<string, string> => ({
  [`approvalProcesses/Case.${name}.approvalProcess`]: `<ApprovalProcess>${Object.entries({
    active: 'true',
    allowRecall: 'true',
    allowedSubmitters: '<type>allInternalUsers</type>',
    label: name,
    recordEditability: 'AdminOnly',
    finalApprovalRecordLock: 'false',
    finalRejectionRecordLock: 'false',
    ...elements,
  })
    .map(([element, text]) => `<${element}>${text}</${element}>`)
    .join('')}${steps.join('')}</ApprovalProcess>`,
});

export const approvalStep = (name: string, approvers: string[], more = '', when = 'FirstResponse'): string =>
  `<approvalStep><name>${name}</name><label>${name}</label><assignedApprover>${approvers
    .map((user) => `<approver>${xml({ name: user, type: 'user' })}</approver>`)
    .join('')}<whenMultipleApprovers>${when}</whenMultipleApprovers></assignedApprover>${more}</approvalStep>`;

export const fieldAction = (name: string): string => `<action>${xml({ name, type: 'FieldUpdate' })}</action>`;
