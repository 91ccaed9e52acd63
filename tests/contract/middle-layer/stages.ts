import { fileURLToPath } from 'node:url';
import type { Values } from '../../../src/shared/case-messages.ts';
import { ManualClock } from 'kernel/clock.ts';
import { fetchTransport, type Transport } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { createOrg } from 'local-org';
import { httpSalesforce } from '../../../src/flows/cases/carried/salesforce/http.ts';
import { InMemorySalesforce } from '../../flows/cases/in-memory/salesforce.ts';
import type { Heartbeat, SalesforcePort } from '../../../src/flows/cases/carried/salesforce/port.ts';
import { IntegrationClient } from '../../../src/middle-layer/clients/salesforce/integration-client.ts';
import { fakeOrg, TOKEN } from './fake-org.ts';

export interface SeenCase {
  status: string | null;
  pending: string | null;
  externalId: string | null;
  subject: string | null;
}

/** An org, the port to it, and what people do there. */
export interface Stage {
  port: SalesforcePort;
  create(values: Values): Promise<{ key: string; id: string }>;
  change(key: string, values: Values): Promise<void>;
  remove(key: string): Promise<void>;
  see(key: string): Promise<SeenCase>;
  /** What the org was told last. */
  heartbeat(): Promise<Heartbeat | null>;
  pause(paused: boolean): Promise<void>;
  /** The kill switch of the flow alone. */
  pauseFlow(paused: boolean): Promise<void>;
  /** Whether the org publishes events. */
  pollOnly(pollOnly: boolean): Promise<void>;
  /** Values that this org refuses to store on the Case. */
  unacceptable(key: string): Values;
  close(): void;
}

export interface StageCandidate {
  name: string;
  skip: string | false;
  open(): Promise<Stage>;
}

const START = Date.parse('2026-11-21T07:30:00Z');

const overMemory = (portOf: (org: InMemorySalesforce) => SalesforcePort): Stage => {
  const org = new InMemorySalesforce(seededRandom(1));
  // as the org of the other stages, which has the sample's fields
  org.fields = org.fields.map((field) => (field.type === 'datetime' ? { ...field, name: 'Reported_At__c' } : field));
  return {
    port: portOf(org),
    create: async (values) => org.createCase({ Status: null, Reported_At__c: null, ...values }),
    change: async (key, values) => org.updateCase(key, values),
    remove: async (key) => org.deleteCase(key, '2026-11-21T07:30:00Z'),
    see: async (key) => {
      const { status, pending, externalId, values } = org.cases.get(key)!;
      return { status, pending, externalId, subject: values.Subject as string };
    },
    heartbeat: async () => org.heartbeats.at(-1) ?? null,
    pause: async (paused) => {
      org.settings.paused = paused;
    },
    pauseFlow: async (paused) => {
      org.settings.paused = paused;
    },
    pollOnly: async (pollOnly) => {
      org.settings.pollOnly = pollOnly;
    },
    unacceptable: (bad) => {
      org.refuse = (key) => (key === bad ? { errorCode: 'STRING_TOO_LONG', retryable: false } : null);
      return {};
    },
    close: () => {},
  };
};

const overHttp = (org: InMemorySalesforce): SalesforcePort => {
  const handler = fakeOrg(org);
  const transport: Transport = (request) => handler({ ...request, url: request.url.replace('http://org', '') });
  const clock = new ManualClock(START);
  const auth = { kind: 'accessToken', accessToken: TOKEN } as const;
  return httpSalesforce(new IntegrationClient({ instanceUrl: 'http://org', auth, transport, clock }), clock, () => {});
};

/** Any org with force-app in it, spoken to as its administrator. */
const overRest = (instanceUrl: string, accessToken: string, transport: Transport, close: () => void): Stage => {
  const clock = new ManualClock(START);
  const rest = new IntegrationClient({ instanceUrl, auth: { kind: 'accessToken', accessToken }, transport, clock });
  const call = async (method: string, path: string, body?: object): Promise<any> => {
    const response = await transport({
      method,
      url: `${instanceUrl}/services/data/v67.0${path}`,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : '',
    });
    if (response.status >= 400) throw new Error(`${method} ${path} answered ${response.status}: ${response.body}`);
    return response.body ? JSON.parse(response.body) : null;
  };
  const only = async (soql: string): Promise<any> =>
    (await call('GET', `/query?q=${encodeURIComponent(soql)}`)).records[0];
  const idOf = async (key: string): Promise<string> =>
    (await only(`SELECT Id FROM Case WHERE Sync_Key__c = '${key}'`)).Id;
  return {
    port: httpSalesforce(rest, clock, () => {}),
    create: async (values) => {
      const { id } = await call('POST', '/sobjects/Case', values);
      return { id, key: (await only(`SELECT Sync_Key__c FROM Case WHERE Id = '${id}'`)).Sync_Key__c };
    },
    change: async (key, values) => call('PATCH', `/sobjects/Case/${await idOf(key)}`, values),
    remove: async (key) => call('DELETE', `/sobjects/Case/${await idOf(key)}`),
    see: async (key) => {
      const row = await only(
        `SELECT Sync_Status__c, Sync_Pending__c, External_Id__c, Subject FROM Case WHERE Sync_Key__c = '${key}'`,
      );
      return {
        status: row.Sync_Status__c,
        pending: row.Sync_Pending__c,
        externalId: row.External_Id__c,
        subject: row.Subject,
      };
    },
    heartbeat: async () => {
      const { Swept_At__c: swept, Clear_Since__c: clear } = await only(
        "SELECT Swept_At__c, Clear_Since__c FROM Sync_Control__c WHERE Key__c = 'Default'",
      );
      const wire = (time: string | null): string | null => time && new Date(time).toISOString();
      return swept && { sweptAt: wire(swept)!, clearSince: wire(clear) };
    },
    pause: async (paused) => {
      const { Id } = await only("SELECT Id FROM Sync_Control__c WHERE Key__c = 'Default'");
      await call('PATCH', `/sobjects/Sync_Control__c/${Id}`, { Active__c: !paused });
    },
    pauseFlow: async (paused) => {
      await call('PATCH', '/sobjects/Sync_Control__c/Key__c/flow:cases', { Name: 'flow:cases', Paused__c: paused });
    },
    pollOnly: async (pollOnly) => {
      const { Id: orgId } = await only('SELECT Id FROM Organization');
      const own = await only(`SELECT Id FROM Concord_Operator_Setting__c WHERE SetupOwnerId = '${orgId}'`);
      const set = { Poll_Only__c: pollOnly };
      if (own) await call('PATCH', `/sobjects/Concord_Operator_Setting__c/${own.Id}`, set);
      else await call('POST', '/sobjects/Concord_Operator_Setting__c', { SetupOwnerId: orgId, ...set });
    },
    unacceptable: () => ({ Borough__c: 'Atlantis' }),
    close,
  };
};

const { CONTRACT_ORG_URL, CONTRACT_ORG_TOKEN } = process.env;

export const stages: StageCandidate[] = [
  { name: 'in memory', skip: false, open: async () => overMemory((org) => org) },
  { name: 'over HTTP', skip: false, open: async () => overMemory(overHttp) },
  {
    name: 'over HTTP, a local org',
    skip: false,
    async open() {
      const projectDir = fileURLToPath(new URL('../../../', import.meta.url));
      const org = createOrg({ projectDir, clock: new ManualClock(START), random: seededRandom(1) });
      const activated = org.executeAnonymous('ConcordSetup.activateSync();');
      if (!activated.success)
        throw new Error(activated.compileProblem ?? activated.exceptionMessage ?? 'activation failed');
      const transport: Transport = (request) => org.handle({ ...request, url: request.url.replace('http://org', '') });
      return overRest('http://org', org.info.accessToken, transport, () => org.close());
    },
  },
  {
    name: 'over HTTP, the org at CONTRACT_ORG_URL',
    skip: CONTRACT_ORG_URL && CONTRACT_ORG_TOKEN ? false : 'CONTRACT_ORG_URL and CONTRACT_ORG_TOKEN are not set',
    open: async () => overRest(CONTRACT_ORG_URL!, CONTRACT_ORG_TOKEN!, fetchTransport(), () => {}),
  },
];
