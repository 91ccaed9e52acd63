import { FEEDS as FLOW } from '../../../src/flows/feeds/name.ts';
import type { Mutation } from './types.ts';

const FEEDS = 'src/feeds';

/** Deliberate breakages of feeds, each noticed by seeds in which they play alone. */
const BROKEN: Omit<Mutation, 'flow'>[] = [
  {
    name: 'results of a feed are matched in another order',
    breaks: 'what a call says of a row is said of that row',
    file: `${FEEDS}/write.ts`,
    find: 'misplaced(row, results[at]!) ?? results[at]!',
    replace: 'misplaced(row, results[at]!) ?? results[rows.length - 1 - at]!',
  },
  {
    name: 'a digest advances before Salesforce has confirmed',
    breaks: 'a digest advances only on confirmed success',
    file: `${FEEDS}/write.ts`,
    find: '    const outcomes = await upsert(writing, rows);\n',
    replace:
      '    await settleRows(writing.db, writing.run, rows.flatMap(({ row_key: key, salesforce_id: id }) => (id === null ? [] : [{ key, salesforceId: id }])));\n    const outcomes = await upsert(writing, rows);\n',
  },
  {
    name: 'children do not wait for their parents',
    breaks: 'a row whose parent is not there waits, and is no refusal',
    file: `${FEEDS}/db/rows.ts`,
    find: 'AND row_key > $4 AND NOT ${WITHOUT_PARENT}',
    replace: 'AND row_key > $4',
  },
  {
    name: 'null is left out',
    breaks: 'no value means no value',
    file: `${FEEDS}/write.ts`,
    find: '    ...Object.fromEntries(given),',
    replace: '    ...Object.fromEntries(given.filter(([, value]) => value !== null)),',
  },
  {
    name: 'two runs of one feed overlap',
    breaks: 'a run lets no other begin',
    file: `${FEEDS}/run.ts`,
    find: "open.status === 'held' || open.lease_until > now",
    replace: "open.status === 'held'",
  },
  {
    name: 'a hold is told and not kept',
    breaks: 'a view that cannot be true is not written before a person says so',
    file: `${FEEDS}/run.ts`,
    find: 'if (isDry || reasons.length > 0) {',
    replace: 'if (isDry || (reasons.length > 0 && read.seen < 0)) {',
  },
  {
    name: 'two rows of one key: the last one wins',
    breaks: 'neither of two rows with one external id is written',
    file: `${FEEDS}/read.ts`,
    find: 'if (duplicates.length > 0) await refuseDuplicates(db, run, duplicates);',
    replace: 'if (duplicates.length > 1_000) await refuseDuplicates(db, run, duplicates);',
  },
  {
    name: 'what people own is written each time',
    breaks: 'what people in Salesforce own is given once',
    file: `${FEEDS}/write.ts`,
    find: "rule.owner === 'view' || row.salesforce_id === null",
    replace: "rule.owner === 'view' || row.external_id !== ''",
  },
  {
    name: 'an edit in Salesforce stays unseen',
    breaks: 'each run finds what others did since the last one',
    file: `${FEEDS}/observe.ts`,
    find: ' AND SystemModstamp >= ${stamp}${ofOthers}',
    replace: ' AND SystemModstamp >= ${stamp}${ofOthers} AND Id = null',
  },
  {
    name: 'a deletion in Salesforce stays unseen',
    breaks: 'records that somebody deleted are made again, or told',
    file: `${FEEDS}/observe.ts`,
    find: '  await observeDeletions(observed, since);\n',
    replace: '',
  },
  {
    name: 'children of a deleted parent stay without it',
    breaks: 'a look-up that a deletion emptied is written again',
    file: `${FEEDS}/db/rows.ts`,
    find: "'key', gone.row_key))`;",
    replace: "'key', gone.row_key)) AND f.parents IS NULL`;",
  },
  {
    name: 'what was missed while the program of feeds was away stays missed',
    breaks: 'a missed hour is made up for',
    file: `${FEEDS}/service.ts`,
    find: 'if (tried?.due !== due) return { at: now, due };',
    replace: 'if (tried?.due !== due) return { at: next, due };',
  },
  {
    name: 'a schedule forgets that a feed has run',
    breaks: 'a missed hour is made up for once, and not twice',
    file: `${FEEDS}/db/runs.ts`,
    find: "AND started_at >= $3 AND status <> 'dry run' ORDER BY id DESC`",
    replace: "AND started_at >= $3 AND status = 'dry run' ORDER BY id DESC`",
  },
  {
    name: 'a look-up that is emptied goes into a job, which leaves it as it is',
    breaks: 'null means null',
    file: `${FEEDS}/bulk.ts`,
    find: '      if (!isForJob(writing, row)) continue;\n',
    replace: '',
  },
  {
    name: 'a run that broke off stays under way in Salesforce',
    breaks: 'Salesforce shows how each run ended',
    file: `${FEEDS}/run.ts`,
    find: '      await this.#book.catchUp(db, this.#run, this.#feed.object);\n',
    replace: '',
  },
];

export const FEEDS_MUTATIONS: Mutation[] = BROKEN.map((mutation) => ({ ...mutation, flow: FLOW }));
