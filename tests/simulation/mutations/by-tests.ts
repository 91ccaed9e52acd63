import type { Mutation } from './types.ts';

/** A deliberate breakage of what no seed plays: tests must notice it. */
export interface TestedMutation extends Mutation {
  /** Apex test classes, or test files from the root of the repository: one of them must fail. */
  noticedBy: readonly string[];
}

const APEX = 'force-app/cases/main/default/classes/cases';

/**
 * Migrations, what only one transaction sees of the scope and of refused states, erasure: in the simulation nobody migrates or asks to be forgotten. What seeds see of
 * scope and refused states is in `list.ts`.
 */
export const TESTED_MUTATIONS: TestedMutation[] = [
  {
    name: 'a Case that leaves the scope goes on',
    breaks: 'a Case that leaves the scope waits for nothing',
    file: `${APEX}/CaseStamp.cls`,
    find: '} else if (!CaseScope.includes(record)) {',
    replace: '} else if (record.Sync_Key__c == null) {',
    noticedBy: ['CaseScopeTest'],
  },
  {
    name: 'a Case that comes back into the scope stays away outside',
    breaks: 'entering the scope again is told',
    file: `${APEX}/CaseScopeChange.cls`,
    find: 'CaseTombstones.recordEntered(entered);',
    replace: '',
    noticedBy: ['CaseScopeTest'],
  },
  {
    name: 'a migration is sent',
    breaks: 'who migrates or archives sends nothing',
    file: `${APEX}/CaseScope.cls`,
    find: 'return FeatureManagement.checkPermission(BYPASS);',
    replace: 'return false;',
    noticedBy: ['CaseScopeTest'],
  },
  {
    name: 'a record from outside makes a Case that is out of scope',
    breaks: 'what would be out of scope makes no Case',
    file: `${APEX}/CaseScope.cls`,
    find: 'return scope().includes(record, false);',
    replace: 'return true;',
    noticedBy: ['CaseScopeTest'],
  },
  {
    name: 'intake of what is out of scope leaves the org',
    breaks: 'intake of what would be out of scope is refused before it leaves',
    file: `${APEX}/CaseIntakeService.cls`,
    find: 'if (!CaseValues.isInScope(values)) {',
    replace: 'if (values == null) {',
    noticedBy: ['CaseScopeTest'],
  },
  {
    name: 'a row lock counts as a refusal of the org',
    breaks: 'a lock passes: nothing has to stand beside for it',
    file: `${APEX}/CaseUnsavedStates.cls`,
    find: '        RowLock.CODE,\n',
    replace: '',
    noticedBy: ['CaseUnsavedStatesTest'],
  },
  {
    name: 'what the org refuses is tried by every run',
    breaks: 'while the org refuses a state it is tried at a slower and slower pace',
    file: `${APEX}/CaseUnsavedStates.cls`,
    find: 'return BESIDE.get(caseId)?.Next_Try_At__c > System.now();',
    replace: 'return false;',
    noticedBy: ['CaseUnsavedStatesTest'],
  },
  {
    name: 'a nested save drops what the outer one declared',
    breaks: 'declarations are a stack',
    file: `${APEX}/CaseSyncContext.cls`,
    find: '        STACK.add(declaration);',
    replace: '        STACK.clear();\n        STACK.add(declaration);',
    noticedBy: ['CaseHostAutomationTest'],
  },
  {
    name: 'triggers that run again after an insert do not know it',
    breaks: 'a declared insert is recognised by its key when it has an id',
    file: `${APEX}/CaseSyncContext.cls`,
    find: '?? (key == null ? null : STACK[i].inserts.get(key));',
    replace: ';',
    noticedBy: ['CaseHostAutomationTest'],
  },
  {
    name: 'a state is saved that the Case is in',
    breaks: "a save that changes nothing does not run the host's automation",
    file: `${APEX}/CaseWorkspace.cls`,
    find: 'if (CaseSyncFields.areSame(state, stored.get(state.Id))) {',
    replace: 'if (state.Id == null) {',
    noticedBy: ['CaseWorkspaceTest', 'CaseWriteBackServiceTest', 'CaseHostAutomationTest'],
  },
  {
    name: 'the integration has no permission that rules can test',
    breaks: '$Permission.Concord_Sync lets Concord pass',
    file: 'force-app/core/main/default/permissionsets/Concord_Integration.permissionset-meta.xml',
    find: '<enabled>true</enabled>\n        <name>Concord_Sync</name>',
    replace: '<enabled>false</enabled>\n        <name>Concord_Sync</name>',
    noticedBy: ['CorePermissionSetsTest'],
  },
  {
    name: 'dead letters of an erased record stay',
    breaks: 'an erasure takes every message of the record',
    file: 'src/middle-layer/db/erase.ts',
    find: "state IN ('done', 'superseded', 'dead')",
    replace: "state IN ('done', 'superseded')",
    noticedBy: ['tests/middle-layer/erasures.test.ts'],
  },
  {
    name: 'a full request of an erased record stays',
    breaks: 'an erasure takes what intake kept',
    file: 'src/flows/cases/carried/db/erase.ts',
    find: 'SET payload = NULL FROM kept',
    replace: 'SET payload = kept.payload FROM kept',
    noticedBy: ['tests/middle-layer/erasures.test.ts'],
  },
  {
    name: 'the history of an erased record stays',
    breaks: 'an erasure empties the revisions outside',
    file: 'src/external-system/db/erase.ts',
    find: "UPDATE case_revision r SET values = '{}', request_values = NULL, conflicts = NULL",
    replace: 'UPDATE case_revision r SET conflicts = NULL',
    noticedBy: ['tests/external-system/erasures.test.ts'],
  },
  {
    name: 'a record that lives is erased',
    breaks: 'only what is deleted is erased',
    file: 'src/external-system/db/erase.ts',
    find: 'if (record && !record.deleted_at && !record.salesforce_deletion)',
    replace: 'if (record && !record.deleted_at && record.salesforce_deletion)',
    noticedBy: ['tests/external-system/erasures.test.ts'],
  },
  // usage: what seeds noticed once, and meet too seldom now
  {
    name: 'what sales decided holds nobody up',
    breaks: 'no booking is credited in Salesforce and charged by who did not know',
    file: 'force-app/usage/main/default/classes/usage/UsageJudge.cls',
    find: 'if (decided != null) {',
    replace: 'if (decided?.Version__c == ad.version) {',
    noticedBy: ['UsageDecisionTest', 'UsageReportTest'],
  },
  {
    name: 'a credit leaves the ad as it was',
    breaks: 'the ad says again what Salesforce has of it',
    file: 'src/service-app/decisions.ts',
    find: "return { what: applied.cancelled ? 'cancelled' : 'corrected', after: withState(ad, applied) };",
    replace: "return { what: 'corrected', after: ad };",
    noticedBy: ['tests/service-app/decisions.test.ts'],
  },
  {
    name: 'a repair reports what Salesforce has decided on already',
    breaks: 'a repair is a new version of the ad',
    file: 'src/flows/usage/compared/plan.ts',
    find: "isSame: kind === 'stuck in progress',",
    replace: "isSame: kind !== 'wrong sum',",
    noticedBy: ['tests/flows/usage/compared/classify.test.ts'],
  },
  {
    name: 'what nobody booked is booked by the repair',
    breaks: 'an entry without booking is taken back',
    file: 'src/service-app/repairing.ts',
    find: '    cancelled: true,\n    uses: replaced.map',
    replace: '    cancelled: false,\n    uses: replaced.map',
    noticedBy: ['tests/service-app/compared.test.ts'],
  },
  {
    name: 'two workers report one contract at once',
    breaks: 'of a contract one call at a time is under way, whichever worker makes it',
    file: 'src/middle-layer/db/alone.ts',
    find: 'u.alone = ${message}.alone ${since}',
    replace: 'u.alone = ${message}.key ${since}',
    noticedBy: ['tests/contract/middle-layer/queue.test.ts', 'tests/flows/usage/carried.test.ts'],
  },
  {
    name: 'a report does not say which contract it is about',
    breaks: 'of a contract one call at a time is under way, whichever worker makes it',
    file: 'src/flows/usage/carried/drafts.ts',
    find: '  alone: message.contractNumber,\n',
    replace: '',
    noticedBy: ['tests/flows/usage/carried.test.ts'],
  },
  {
    name: 'bookings are taken over from whatever stands in Salesforce',
    breaks: 'only what was sealed is taken over',
    file: 'src/service-app/invoices/verify.ts',
    find: 'const lost = problems.length === 0 ? differing',
    replace: 'const lost = kept ? differing',
    noticedBy: ['tests/service-app/invoices.test.ts'],
  },
  {
    name: 'a run after a broken one does not look at its own writes',
    breaks: 'a write whose answer was lost is found by the next run',
    file: 'src/feeds/db/runs.ts',
    find: ').some(brokeOff);',
    replace: ').some(() => false);',
    noticedBy: ['tests/feeds/run.test.ts'],
  },
];
