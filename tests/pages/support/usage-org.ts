/** A local org of this project, the people who look at its contracts, and contracts with usage in every state. */
import { createOrg } from 'local-org';
import type { Org } from 'local-org/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import type { Viewer } from './component-page.ts';
import { mustSucceed, orgSession, queried } from './org-session.ts';
import { newPerson, signInOf } from './people.ts';

const START = Date.UTC(2026, 10, 27, 9);

/** A line that is sold: product number, units. */
type Sold = [product: string, units: number];

export interface SoldContract {
  id: string;
  number: string;
}

export interface UsageOrg {
  org: Org;
  clock: ManualClock;
  /** By the permission set Concord Usage Sales. */
  sales: Viewer;
  /** Sees contracts, and nothing of their usage. */
  clerk: Viewer;
  /** Sees lines and the lock, and no exceptions: as the service application does. */
  reader: Viewer;
  newContract(lines: Sold[], overbooking?: 'Block' | 'Flag'): Promise<SoldContract>;
  /** The service application reports a new ad. Answers the outcome. */
  book(contract: SoldContract, product: string, units: string): Promise<string>;
  fulfil(contract: SoldContract): Promise<void>;
  /** A person saves the contract in another window. */
  describe(contract: SoldContract, description: string): Promise<void>;
  remove(contract: SoldContract): Promise<void>;
}

export const openUsageOrg = async (): Promise<UsageOrg> => {
  const clock = new ManualClock(START);
  const random = seededRandom(START);
  const connectedApps = ['sales', 'clerk', 'reader', 'service'].map(signInOf);
  const org = createOrg({ projectDir: '.', clock, random: seededRandom(START), connectedApps });
  const { success, exceptionMessage } = org.executeAnonymous('ConcordSetup.activateSync();');
  if (!success) throw new Error(`activation failed: ${exceptionMessage}`);
  const session = orgSession(org, org.info.accessToken);
  const send = mustSucceed(session);
  // See apexAction: components' calls are anonymous Apex.
  await send('POST', '/sobjects/PermissionSet', { Name: 'Page_Apex', Label: 'Page Apex', PermissionsAuthorApex: true });
  const [billing] = await queried(session, "SELECT Id FROM PermissionSet WHERE Name = 'Concord_Usage_Billing'");
  await send('POST', '/sobjects/PermissionSetAssignment', {
    AssigneeId: org.info.userId,
    PermissionSetId: billing.Id,
  });
  const service = await newPerson(org, 'service', ['Concord_Usage_Integration']);
  const report = mustSucceed(await service.signIn());

  const create = async (object: string, values: object): Promise<string> =>
    (await send('POST', `/sobjects/${object}`, values)).id;
  const patch = (id: string, values: object): Promise<void> => send('PATCH', `/sobjects/Contract/${id}`, values);

  return {
    org,
    clock,
    sales: await newPerson(org, 'sales', ['Concord_Usage_Sales', 'Page_Apex']),
    clerk: await newPerson(org, 'clerk', ['Page_Apex']),
    reader: await newPerson(org, 'reader', ['Concord_Usage_Application', 'Page_Apex']),
    async newContract(lines, overbooking = 'Block') {
      const account = await create('Account', { Name: 'Magic Ads Inc' });
      const values = { AccountId: account, StartDate: '2026-11-01', ContractTerm: 12, Overbooking__c: overbooking };
      const id = await create('Contract', values);
      for (const [code, units] of lines) {
        const product = await create('Product2', { Name: `${code} ad`, ProductCode: code, IsActive: true });
        const line = { Contract__c: id, Product__c: product, Units__c: units, Unit_Price__c: 40 };
        await create('Contract_Line__c', line);
      }
      await patch(id, { Status: 'Activated' });
      const [{ ContractNumber: number }] = await queried(
        session,
        `SELECT ContractNumber FROM Contract WHERE Id = '${id}'`,
      );
      return { id, number };
    },
    async book({ number }, productNumber, units) {
      const ad = {
        adId: randomUuid(random),
        version: 1,
        title: 'Autumn',
        contractNumber: number,
        currency: 'EUR',
        bookedAt: new Date(clock.now()).toISOString(),
        cancelled: false,
        uses: [{ position: 1, productNumber, units }],
      };
      const { results } = await report('POST', '/services/apexrest/concord/v1/usage/report', { ads: [ad] });
      return results[0].outcome;
    },
    fulfil: ({ id }) => patch(id, { Fulfilled__c: true }),
    describe: ({ id }, Description) => patch(id, { Description }),
    remove: ({ id }) => send('DELETE', `/sobjects/Contract/${id}`),
  };
};
