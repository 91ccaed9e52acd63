/** What must hold once every feed has run and nothing breaks any more. */
import { COMPANIES, FEEDS } from './config.ts';
import { judged } from './model.ts';
import { allHeld } from './org.ts';
import type { Scene } from './scene.ts';

/** Every view is what Salesforce holds; of a record that a late copy of a request set back, the audit will tell. */
const viewsApart = async ({ world, views, books }: Scene): Promise<string[]> => {
  const held = await allHeld(world);
  const apart: string[] = [];
  for (const company of COMPANIES)
    for (const feed of FEEDS)
      for (const [key, { values }] of judged(company, feed, views.of(company, feed)).good) {
        const record = held.get(key);
        if (!record) apart.push(`${key} is in its view, and not in Salesforce`);
        else if (!books.late.has(key))
          for (const [field, value] of Object.entries(values))
            if (record.values[field] !== value && !books.restored.has(`${key} ${field}`))
              apart.push(
                `${field} of ${key} is ${JSON.stringify(record.values[field])}, its view says ${JSON.stringify(value)}`,
              );
      }
  return apart;
};

/** No run is under way or waits, on neither side; no refusal stands of a row that passed. */
const leftOver = async ({ world, books }: Scene): Promise<string[]> => {
  const open = await world.db.query<{ line: string }>(
    `SELECT company || '/' || feed || ' has a run that is ' || status AS line FROM feed_run WHERE status IN ('running', 'held') ORDER BY id`,
  );
  const told = await world.query<{ Company__c: string; Feed__c: string; Status__c: string; Run_Key__c: string }>(
    "SELECT Run_Key__c, Company__c, Feed__c, Status__c FROM Feed_Run__c WHERE Status__c IN ('Running', 'Held') ORDER BY Id",
  );
  const refusals = await world.query<{ External_Id__c: string; Reason__c: string; Refusal_Key__c: string }>(
    'SELECT Refusal_Key__c, External_Id__c, Reason__c FROM Feed_Refusal__c ORDER BY Id',
  );
  return [
    ...open.map(({ line }) => line),
    ...told
      .filter(({ Run_Key__c: key }) => !books.late.has(key))
      .map((run) => `Salesforce shows a run of ${run.Company__c}/${run.Feed__c} as ${run.Status__c}`),
    ...refusals
      .filter(({ Refusal_Key__c: key }) => !books.late.has(key))
      .map((row) => `Salesforce shows that ${row.External_Id__c} is refused: ${row.Reason__c}`),
  ];
};

export const atRest = async (scene: Scene): Promise<string[]> => [
  ...(await viewsApart(scene)),
  ...(await leftOver(scene)),
];
