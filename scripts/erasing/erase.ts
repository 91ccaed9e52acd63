import type { ErasableRecords } from '../../src/flows/types.ts';
import { searchableTexts, type ErasureAnswer } from '../../src/shared/erasure.ts';
import type { EraseArguments } from './arguments.ts';
import { eraseCopies, readCopies } from './discrepancies.ts';
import type { Stores } from './stores.ts';

/** What was erased in a store, where it was searched, and what is left there. */
export interface StoreReport {
  store: string;
  rows: Record<string, number>;
  /** `12 tables, 40 columns`. */
  searched: string;
  /** Places that still hold a text under the key. */
  left: string[];
  /** Places where rows of other records hold one of the texts: their own, or the same words by chance. */
  elsewhere: string[];
}

export interface ErasureReport {
  key: string;
  dryRun: boolean;
  former: boolean;
  /** How many texts were searched for. */
  texts: number;
  stores: StoreReport[];
  /** What no command of Concord reaches. */
  remaining: string[];
}

/** An erasure that must not be, in words that say what to do first. */
export class ErasureRefused extends Error {
  override name = 'ErasureRefused';
}

const OUT_OF_REACH = [
  'backups of the org, of the middle layer and of the external system, and the exports of people',
  'reports of npm run reconcile and npm start that were written to files',
  'pages of the databases that are free but not yet overwritten, and their write-ahead logs: VACUUM FULL, and the rotation of the logs, end those',
];

const reportOf = (store: string, { rows, search }: ErasureAnswer): StoreReport => {
  const places = (count: 'ofKey' | 'ofOthers'): string[] =>
    search.found
      .filter((place) => place[count] > 0)
      .map((place) => `${place.table}.${place.column}: ${place[count]} rows`);
  return {
    store,
    rows,
    searched: `${search.tables} tables, ${search.columns} columns`,
    left: places('ofKey'),
    elsewhere: places('ofOthers'),
  };
};

/** Erases the copies of one record in every store, and searches all of them for its texts. Throws ErasureRefused. */
export const erase = async (
  records: ErasableRecords,
  { flow, which, former, dryRun }: Pick<EraseArguments, 'flow' | 'which' | 'former' | 'dryRun'>,
  { org, middleLayer, external }: Stores,
): Promise<ErasureReport> => {
  const { key, refusal, values, left } = await records.find(org, which, former);
  if (refusal !== null) throw new ErasureRefused(refusal);
  const present = searchableTexts(values);
  const kept = former ? present : [];
  const ask = async (
    texts: string[],
    rehearse: boolean,
  ): Promise<{ outside: ErasureAnswer; between: ErasureAnswer }> => ({
    outside: await external('POST', '/v1/erasures', { key, texts, former, kept, dryRun: rehearse }),
    between: await middleLayer('POST', '/v1/erasures', { flow, key, texts, former, kept, dryRun: rehearse }),
  });
  // both are asked before either erases: what one refuses, the other keeps
  const rehearsal = await ask([], true);
  const copies = await readCopies(org, flow, key);
  const held = [...rehearsal.outside.texts, ...rehearsal.between.texts];
  const texts = [...new Set([...(former ? [] : present), ...held])].filter((text) => !kept.includes(text));
  const { outside, between } = await ask(texts, dryRun);
  const stores = [reportOf('external system', outside), reportOf('middle layer', between)];
  if (!dryRun) await eraseCopies(org, copies.ids);
  const after = dryRun ? copies : await readCopies(org, flow, key);
  stores.push({
    store: 'Salesforce',
    rows: { discrepancies: copies.ids.length },
    searched: 'Discrepancy__c of the record',
    left: dryRun ? [] : after.ids.map((id) => `Discrepancy__c ${id}`),
    elsewhere: [],
  });
  return { key, dryRun, former, texts: texts.length, stores, remaining: [...left, ...OUT_OF_REACH] };
};

/** Whether nothing was found that an erasure should have taken. */
export const isClean = ({ stores }: ErasureReport): boolean => stores.every(({ left }) => left.length === 0);

/** For people. */
export const renderErasure = (report: ErasureReport): string => {
  const { key, dryRun, former, texts, stores, remaining } = report;
  const what = former ? `${key}, what it held before` : key;
  const lines = [
    dryRun ? `${what}: would be erased (nothing was)` : `${what}: erased, and ${texts} texts searched for`,
  ];
  for (const { store, rows, searched, left, elsewhere } of stores) {
    const counts = Object.entries(rows).map(([name, count]) => `${count} ${name}`);
    lines.push(`  ${store.padEnd(16)} ${counts.join(', ')}`);
    if (dryRun) continue;
    lines.push(
      `  ${''.padEnd(16)} searched ${searched}: ${left.length ? `LEFT in ${left.join('; ')}` : 'nothing is left of this record'}`,
    );
    if (elsewhere.length)
      lines.push(`  ${''.padEnd(16)} the same words stand in other records: ${elsewhere.join('; ')}`);
  }
  lines.push('  not reached', ...remaining.map((place) => `    ${place}`));
  return `${lines.join('\n')}\n`;
};
