/** What Concord's Apex takes of the limits of a transaction, measured within it on a local org. */
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { assignPermissionSets } from '../../src/simulation/org-users.ts';
import { table } from './tables.ts';

const HOUR = 3_600_000;
/** Records of each operation in the document: as many as a trigger sees at a time, and a call brings. */
const RECORDS = 200;
/** A heap is told in steps of so many bytes: what a library keeps beside differs from release to release. */
const HEAP_STEP = 100_000;

/** What is measured, by the getters of `System.Limits`. */
const MEASURED = ['Queries', 'QueryRows', 'DmlStatements', 'DmlRows', 'HeapSize', 'Callouts'] as const;
type Measured = Record<(typeof MEASURED)[number], number>;

/** What a transaction may use ("Execution Governors and Limits" in the Apex Developer Guide); heap in bytes. */
const SYNCHRONOUS: Measured = {
  Queries: 100,
  QueryRows: 50_000,
  DmlStatements: 150,
  DmlRows: 10_000,
  HeapSize: 6_000_000,
  Callouts: 100,
};
const ASYNCHRONOUS: Measured = { ...SYNCHRONOUS, Queries: 200, HeapSize: 12_000_000 };

/** One operation, and what it took. */
export interface MeasuredOperation {
  name: string;
  isAsynchronous: boolean;
  used: Measured;
  /** Platform events published. */
  events: number;
}

interface Operation {
  name: string;
  isAsynchronous?: true;
  /** Hours that pass first. */
  hours?: number;
  /** Apex before the measured part. */
  given: string;
  measured: string;
  /** What the host's own statement is, not Concord's: a save counts itself. */
  ofHost?: Partial<Measured>;
}

/** Sends a call to a class of Apex REST. */
const called = (path: string, body: string): string => `
RestContext.request = new RestRequest();
RestContext.response = new RestResponse();
RestContext.request.requestURI = '/services/apexrest/concord/v1/${path}';
RestContext.request.requestBody = Blob.valueOf(JSON.serialize(${body}));`;

const ofCases = (records: number): Operation[] => [
  {
    name: `your insert of ${records} Cases: the trigger`,
    given: `List<Case> cases = new List<Case>();
      for (Integer i = 0; i < ${records}; i++) cases.add(new Case(Subject = 'Case ' + i, Status = 'New'));`,
    measured: 'insert cases;',
    ofHost: { DmlStatements: 1, DmlRows: records },
  },
  {
    name: `your update of a synced field of ${records} Cases: the trigger`,
    given: `List<Case> cases = [SELECT Id, Subject FROM Case];
      for (Case each : cases) each.Subject += '!';`,
    measured: 'update cases;',
    ofHost: { DmlStatements: 1, DmlRows: records },
  },
  {
    name: `your update of other fields of ${records} Cases: the trigger`,
    given: `List<Case> cases = [SELECT Id FROM Case];
      for (Case each : cases) each.SuppliedName = 'Somebody';`,
    measured: 'update cases;',
    ofHost: { DmlStatements: 1, DmlRows: records },
  },
  {
    name: `one batch of the reconciliation job: ${records} overdue Cases`,
    isAsynchronous: true,
    hours: 2,
    given: `Reconciliation_Run__c run = new Reconciliation_Run__c(Flow__c = 'cases', Type__c = 'Job', Verdict__c = 'Running');
      insert run;
      CaseReconciliationBatch batch = new CaseReconciliationBatch(run);
      List<Case> cases = [SELECT Id FROM Case];`,
    measured: 'batch.execute(null, cases);',
  },
  {
    name: `apply of ${records} answers`,
    given: `List<Object> records = new List<Object>();
      for (Case each : [SELECT Id, Sync_Key__c, Sync_Version__c FROM Case]) {
        records.add(new Map<String, Object>{ 'key' => each.Sync_Key__c, 'externalId' => 'SR-' + each.Id, 'revision' => 1,
          'requestVersion' => each.Sync_Version__c.intValue(), 'salesforceCaseId' => null,
          'values' => new Map<String, Object>{ 'Status' => 'Working' } });
      }
      ${called('cases/apply', "new Map<String, Object>{ 'records' => records }")}`,
    measured: 'CaseSyncResource.post();',
  },
  {
    name: `${records} confirmations`,
    given: `List<Object> records = new List<Object>();
      for (Case each : [SELECT Id, Sync_Key__c, Sync_Version__c FROM Case]) {
        records.add(new Map<String, Object>{ 'key' => each.Sync_Key__c, 'version' => each.Sync_Version__c.intValue(),
          'caseId' => each.Id });
      }
      ${called('cases/write-back', "new Map<String, Object>{ 'records' => records }")}`,
    measured: 'CaseSyncResource.post();',
  },
  {
    name: `your deletion of ${records} Cases: the trigger`,
    given: 'List<Case> cases = [SELECT Id FROM Case];',
    measured: 'delete cases;',
    ofHost: { DmlStatements: 1, DmlRows: records },
  },
];

const SOLD = `[SELECT Id, ContractNumber, Usage_Currency__c, Fulfilled_At__c, Account.Name, Account.BillingStreet,
  Account.BillingCity, Account.BillingState, Account.BillingPostalCode, Account.BillingCountry FROM Contract]`;

const ofUsage = (records: number): Operation[] => [
  {
    name: `a report of ${records} ads, an entry each`,
    given: `String contractNumber = [SELECT ContractNumber FROM Contract].ContractNumber;
      List<Object> ads = new List<Object>();
      for (Integer i = 0; i < ${records}; i++) {
        ads.add(new Map<String, Object>{ 'adId' => '00000000-0000-4000-8000-' + String.valueOf(i).leftPad(12, '0'),
          'version' => 1, 'title' => 'Spring sale', 'contractNumber' => contractNumber, 'currency' => 'EUR',
          'bookedAt' => '2026-03-01T09:30:00Z', 'cancelled' => false,
          'uses' => new List<Object>{ new Map<String, Object>{
            'position' => 1, 'productNumber' => 'GIGANTIC', 'units' => '1' } } });
      }
      ${called('usage/report', "new Map<String, Object>{ 'ads' => ads }")}`,
    measured: 'UsageReportRest.post();',
  },
  {
    name: `the last step of a seal: ${records} entries`,
    isAsynchronous: true,
    given: `Contract sold = ${SOLD};
      sold.Fulfilled_At__c = System.now();
      SealDraft draft = new SealDraft(sold);
      for (Contract_Line__c line : [SELECT Contract__c, Units__c, Unit_Price__c, Usage_Count__c, Product__r.ProductCode,
        Product__r.Name FROM Contract_Line__c]) draft.addLine(line);
      Contract_Sealing__c sealing = new Contract_Sealing__c(Contract__c = sold.Id, Contract_Key__c = sold.Id,
        Entries__c = 0, Expected__c = ${records}, Step__c = 0, Locked_At__c = System.now(), State__c = draft.state());
      ContractSealingGuard.insertSealings(new List<Contract_Sealing__c>{ sealing });`,
    measured: 'new SealStep(sealing.Id, 0).execute(null);',
  },
];

const apex = (org: LocalOrg, text: string): string => {
  const { success, log, exceptionMessage, exceptionStackTrace, compileProblem } = org.executeAnonymous(text);
  if (!success) throw new Error(`${compileProblem ?? exceptionMessage} ${exceptionStackTrace ?? ''}\n${text}`);
  return log;
};

/** What an operation took beyond what its host's own statement does. */
const measure = (org: LocalOrg, clock: ManualClock, operation: Operation): Measured => {
  void clock.advance((operation.hours ?? 0) * HOUR);
  const log = apex(
    org,
    `${operation.given}
     ${MEASURED.map((name) => `Integer before${name} = Limits.get${name}();`).join('\n')}
     ${operation.measured}
     System.debug('TOOK ' + String.join(new List<String>{ ${MEASURED.map((name) => `String.valueOf(Limits.get${name}() - before${name})`).join(', ')} }, ' '));
     System.debug('ANSWERED ' + RestContext.response?.responseBody?.toString());`,
  );
  if (/ANSWERED .*(?:REFUSED|IGNORED|NOT_FOUND|"errorCode":")/.test(log))
    throw new Error(`${operation.name} is refused: ${log.slice(0, 2000)}`);
  const took = /TOOK ([\d -]+)/.exec(log)?.[1]?.split(' ').map(Number);
  if (took?.length !== MEASURED.length) throw new Error(`${operation.name}: nothing was measured`);
  return Object.fromEntries(
    MEASURED.map((name, index) => [name, took[index]! - (operation.ofHost?.[name] ?? 0)]),
  ) as unknown as Measured;
};

/** Wakes nobody by events: what an operation takes less then, it takes for them. */
const POLLS_ONLY =
  'insert new Concord_Operator_Setting__c(SetupOwnerId = UserInfo.getOrganizationId(), Poll_Only__c = true);';

/** An org with a contract of enough units, whose administrator reports usage. */
const prepare = (org: LocalOrg): void => {
  apex(org, 'ConcordSetup.activateSync();');
  apex(org, assignPermissionSets('UserInfo.getUserId()', ['Concord_Usage_Integration']));
  apex(
    org,
    `Account customer = new Account(Name = 'Magic Ads Inc');
     insert customer;
     Contract sold = new Contract(AccountId = customer.Id, StartDate = Date.newInstance(2026, 1, 1), ContractTerm = 12);
     insert sold;
     Product2 product = new Product2(Name = 'Ad', ProductCode = 'GIGANTIC', IsActive = true);
     insert product;
     insert new Contract_Line__c(Contract__c = sold.Id, Product__c = product.Id, Units__c = 1000, Unit_Price__c = 100);`,
  );
};

/** Runs every operation with so many records on an org of the project in `root`, and tells what each took. The same each time. */
export const measureLimits = (root: string, records = RECORDS): MeasuredOperation[] => {
  const published = ofCases(records);
  const clock = new ManualClock(Date.UTC(2026, 0, 5, 9));
  const org = createOrg({ projectDir: root, clock, random: seededRandom(1) });
  const clockOfPolling = new ManualClock(clock.now());
  try {
    prepare(org);
    const polling = org.copy({ clock: clockOfPolling, random: seededRandom(1) });
    apex(polling, POLLS_ONLY);
    try {
      return [...published, ...ofUsage(records)].map((operation) => {
        const used = measure(org, clock, operation);
        const silent = published.includes(operation) ? measure(polling, clockOfPolling, operation) : used;
        return {
          name: operation.name,
          isAsynchronous: operation.isAsynchronous === true,
          used,
          events: used.DmlStatements - silent.DmlStatements,
        };
      });
    } finally {
      polling.close();
    }
  } finally {
    org.close();
  }
};

/** The heap in steps, so that it says how much room is left and not more. */
const heap = (bytes: number): number => Math.max(1, Math.ceil(bytes / HEAP_STEP)) * (HEAP_STEP / 1000);

/** One row for each operation: used / limit. */
const limitRows = (measured: readonly MeasuredOperation[]): string[][] =>
  measured.map(({ name, isAsynchronous, used, events }) => {
    const limits = isAsynchronous ? ASYNCHRONOUS : SYNCHRONOUS;
    const of = (limit: Exclude<keyof Measured, 'HeapSize'>): string =>
      `${used[limit]} / ${limits[limit].toLocaleString('en')}`;
    return [
      name,
      of('Queries'),
      of('QueryRows'),
      of('DmlStatements'),
      of('DmlRows'),
      `≤ ${heap(used.HeapSize)} / ${(limits.HeapSize / 1000).toLocaleString('en')} kB`,
      String(events),
      of('Callouts'),
    ];
  });

/** Where the table stands in the document, for `withTables`. */
export const limitTable = (measured: readonly MeasuredOperation[]): Record<string, string> => ({
  limits: table(
    ['what runs', 'queries', 'query rows', 'DML statements', 'DML rows', 'heap kept', 'events', 'callouts'],
    limitRows(measured),
  ),
});
