import { allRecords, FIELDS, pick, type Action } from './types.ts';

const create: Action = async (world, ledger, serial) => {
  const subject = `born outside ${serial}`;
  const record = await world.registry<{ key: string }>('POST', '/v1/cases', {
    values: { Subject: subject, Status: 'New' },
  });
  if (record) ledger.note(record.key, 'Subject', 'external', subject, null);
};

const update: Action = async (world, ledger, serial) => {
  const record = pick(world, await allRecords(world));
  if (!record) return;
  const field = pick(world, FIELDS)!;
  const value = `outside ${serial}`;
  if (await world.registry('PATCH', `/v1/cases/${record.externalId}`, { values: { [field]: value } })) {
    ledger.note(record.key, field, 'external', value, record.values[field] ?? null);
  }
};

/** Longer than Salesforce's field: it refuses this record of a batch, and takes the others. */
const TOO_LONG = 300;
const isTooLong = (value: string | null | undefined): boolean => (value?.length ?? 0) >= TOO_LONG;

const spoil: Action = async (world, ledger, serial) => {
  const record = pick(world, await allRecords(world));
  if (!record) return;
  const value = `outside ${serial} ${'long '.repeat(TOO_LONG / 5)}`.trim();
  if (await world.registry('PATCH', `/v1/cases/${record.externalId}`, { values: { Incident_Address__c: value } })) {
    world.network.count('refusal.salesforce');
    ledger.note(record.key, 'Incident_Address__c', 'external', value, record.values.Incident_Address__c ?? null);
  }
};

export const correct: Action = async (world, ledger, serial) => {
  for (const record of (await allRecords(world)).filter(({ values }) => isTooLong(values.Incident_Address__c))) {
    const value = `outside ${serial}`;
    if (await world.registry('PATCH', `/v1/cases/${record.externalId}`, { values: { Incident_Address__c: value } })) {
      ledger.note(record.key, 'Incident_Address__c', 'external', value, record.values.Incident_Address__c ?? null);
    }
  }
};

const remove: Action = async (world, ledger) => {
  const record = pick(world, await allRecords(world));
  if (record && (await world.registry('DELETE', `/v1/cases/${record.externalId}`)))
    ledger.deletedOutside.add(record.key);
};

/** Weighted. */
export const OUTSIDE: [weight: number, Action][] = [
  [2, create],
  [5, update],
  [0.4, spoil],
  [0.4, correct],
  [0.3, remove],
];
