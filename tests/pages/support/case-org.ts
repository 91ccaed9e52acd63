/** A local org of this project, the people who look at its Cases, and Cases in every state of their sync. */
import { createOrg } from 'local-org';
import type { Org } from 'local-org/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import type { Viewer } from './component-page.ts';
import { mustSucceed, orgSession, queried } from './org-session.ts';
import { newPerson, signInOf } from './people.ts';

const START = Date.UTC(2026, 0, 5, 9);
/** Longer than a failed version ever waits for its next attempt. */
const MAX_BACKOFF = 5 * 3_600_000;

export interface CaseOrg {
  org: Org;
  clock: ManualClock;
  /** Sees all sync fields by the permission set Concord Agent, and may retry. */
  agent: Viewer;
  /** Sees Cases, and none of their sync fields. */
  clerk: Viewer;
  /** Sees all fields, and may not retry: being administrator gives no custom permission. */
  administrator: Viewer;
  newCase(subject: string): Promise<string>;
  /** A Case that came past the trigger, as those did that were there before Concord. */
  oldCase(subject: string): Promise<string>;
  /** A person changes a synced field. */
  correct(id: string, subject: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Its sync fields, as the administrator reads them. */
  stateOf(id: string): Promise<any>;
  /** The external system accepted the newest version; `confirmed`: and holds the Case id. */
  accept(id: string, answer: { confirmed: boolean }): Promise<void>;
  /** The external system accepted the newest version, and a rule of the org refuses to store that on the Case. */
  acceptUnsaved(id: string, rule: string): Promise<void>;
  /** The external system refused the newest version. */
  refuse(id: string, errorCode: string, message: string): Promise<void>;
  /** The reconciliation job asks again and again, and the external system refuses, until no attempt is left. */
  refuseForGood(id: string, errorCode: string, message: string): Promise<void>;
}

export const openCaseOrg = async (): Promise<CaseOrg> => {
  const clock = new ManualClock(START);
  const connectedApps = [signInOf('agent'), signInOf('clerk')];
  const org = createOrg({ projectDir: '.', clock, random: seededRandom(START), connectedApps });
  const { success, exceptionMessage } = org.executeAnonymous('ConcordSetup.activateSync(); ConcordSchedule.install();');
  if (!success) throw new Error(`activation failed: ${exceptionMessage}`);

  const session = orgSession(org, org.info.accessToken);
  const send = mustSucceed(session);
  // See apexAction: components' calls are anonymous Apex.
  await send('POST', '/sobjects/PermissionSet', { Name: 'Page_Apex', Label: 'Page Apex', PermissionsAuthorApex: true });

  const stateOf = async (id: string): Promise<any> => {
    const fields = 'Sync_Status__c, Sync_Key__c, Sync_Version__c, Sync_Attempt__c, Sync_Pending__c';
    return (await queried(session, `SELECT ${fields} FROM Case WHERE Id = '${id}'`))[0];
  };
  const tell = async (endpoint: string, record: object): Promise<void> => {
    const { results } = await send('POST', `/services/apexrest/concord/v1/cases/${endpoint}`, { records: [record] });
    if (results[0].outcome !== 'APPLIED') throw new Error(`${endpoint} was ${JSON.stringify(results[0])}`);
  };
  const newCase = async (Subject: string): Promise<string> => (await send('POST', '/sobjects/Case', { Subject })).id;
  const refuse = async (id: string, errorCode: string, message: string): Promise<void> => {
    const { Sync_Key__c: key, Sync_Version__c: version, Sync_Attempt__c: attempt } = await stateOf(id);
    await tell('acknowledge', { key, version, attempt, errorCode, message });
  };

  return {
    org,
    clock,
    agent: await newPerson(org, 'agent', ['Concord_Agent', 'Page_Apex']),
    clerk: await newPerson(org, 'clerk', []),
    administrator: { userId: org.info.userId, signIn: async () => session },
    newCase,
    async oldCase(subject) {
      org.injectFault({ kind: 'bypass', object: 'Case', code: '', message: '', count: 1 });
      return newCase(subject);
    },
    async accept(id, { confirmed }) {
      const { Sync_Key__c: key, Sync_Version__c: requestVersion } = await stateOf(id);
      const external = { externalId: `SR-${id.slice(-6)}`, revision: 1, salesforceCaseId: confirmed ? id : null };
      await tell('apply', { key, caseId: id, requestVersion, ...external, values: {} });
    },
    async acceptUnsaved(this: CaseOrg, id, rule) {
      const code = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';
      org.injectFault({ kind: 'save', object: 'Case', code, message: rule, count: 2 });
      await this.accept(id, { confirmed: true });
    },
    correct: (id, Subject) => send('PATCH', `/sobjects/Case/${id}`, { Subject }),
    remove: (id) => send('DELETE', `/sobjects/Case/${id}`),
    stateOf,
    refuse,
    async refuseForGood(id, errorCode, message) {
      await refuse(id, errorCode, message);
      while ((await stateOf(id)).Sync_Pending__c !== null) {
        await clock.advance(MAX_BACKOFF);
        org.runDue();
        await refuse(id, errorCode, message);
      }
    },
  };
};
