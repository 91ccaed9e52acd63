import type { World } from './world.ts';

interface CaseRow {
  Id: string;
  Sync_Key__c: string;
}

/** What people did: the last value each side gave a field of a record, so that the end can be judged. */
export class Ledger {
  readonly #last = new Map<string, Map<string, { salesforce?: string; external?: string }>>();

  note(key: string, field: string, side: 'salesforce' | 'external', value: string): void {
    const fields = this.#last.get(key) ?? new Map();
    fields.set(field, { ...fields.get(field), [side]: value });
    this.#last.set(key, fields);
  }

  entries(): [key: string, field: string, values: { salesforce?: string; external?: string }][] {
    return [...this.#last].flatMap(([key, fields]) => [...fields].map(([field, values]): [string, string, { salesforce?: string; external?: string }] => [key, field, values]));
  }
}

/** Free text fields, one owned by each side. */
const FIELDS = ['Subject', 'Resolution__c', 'Incident_Address__c'] as const;

type Action = (world: World, ledger: Ledger, serial: number) => Promise<void>;

const pick = <T>(world: World, items: readonly T[]): T | undefined => items[Math.floor(world.random.next() * items.length)];

const anyCase = async (world: World): Promise<CaseRow | undefined> =>
  pick(world, await world.query<CaseRow>('SELECT Id, Sync_Key__c FROM Case ORDER BY Id'));

const create: Action = async (world, ledger, serial) => {
  const subject = `created ${serial}`;
  const created = await world.person<{ id: string }>('POST', '/sobjects/Case', {
    Subject: subject,
    // clones and imports carry another record's identity: the trigger must not believe it
    ...(world.random.next() < 0.2 ? { Sync_Key__c: '11111111-1111-4111-8111-111111111111', External_Id__c: 'SR-00000001', Sync_Status__c: 'Success' } : {}),
  });
  if (!created) return;
  const [row] = await world.query<CaseRow>(`SELECT Id, Sync_Key__c FROM Case WHERE Id = '${created.id}'`);
  ledger.note(row!.Sync_Key__c, 'Subject', 'salesforce', subject);
};

const update: Action = async (world, ledger, serial) => {
  const row = await anyCase(world);
  if (!row) return;
  const field = pick(world, FIELDS)!;
  const value = `inside ${serial}`;
  const saved = await world.person('PATCH', `/sobjects/Case/${row.Id}`, { [field]: value });
  if (saved !== undefined) ledger.note(row.Sync_Key__c, field, 'salesforce', value);
};

const updateOutside: Action = async (world, ledger, serial) => {
  const page = await world.registry<{ cases: { externalId: string; key: string; deletedAt: string | null }[] }>('GET', '/v1/cases?limit=1000');
  const record = pick(world, page?.cases.filter(({ deletedAt }) => deletedAt === null) ?? []);
  if (!record) return;
  const field = pick(world, FIELDS)!;
  const value = `outside ${serial}`;
  if (await world.registry('PATCH', `/v1/cases/${record.externalId}`, { values: { [field]: value } })) {
    ledger.note(record.key, field, 'external', value);
  }
};

const createOutside: Action = async (world, ledger, serial) => {
  const subject = `born outside ${serial}`;
  const record = await world.registry<{ key: string }>('POST', '/v1/cases', { values: { Subject: subject, Status: 'New' } });
  if (record) ledger.note(record.key, 'Subject', 'external', subject);
};

const remove: Action = async (world) => {
  const row = await anyCase(world);
  if (row) await world.person('DELETE', `/sobjects/Case/${row.Id}`);
};

/** Weighted: what people do. */
const ACTIONS: [weight: number, Action][] = [
  [6, create],
  [8, update],
  [5, updateOutside],
  [2, createOutside],
  [0.4, remove],
];
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

/** One thing that somebody does, drawn by weight. */
export const act = async (world: World, ledger: Ledger, serial: number): Promise<void> => {
  let at = world.random.next() * TOTAL;
  for (const [weight, action] of ACTIONS) {
    at -= weight;
    if (at < 0) return action(world, ledger, serial);
  }
};
