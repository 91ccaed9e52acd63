import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apexSources } from '../metadata/package-directories.ts';
import { queriesOfApex, type FoundQuery } from './apex.ts';
import { indexedFields } from './indexes.ts';
import { judge } from './judge.ts';
import { queriesOfTypeScript } from './typescript.ts';

/** Objects that have a record for each synced record, or for each that was deleted. */
const LARGE = ['Case', 'Sync_Tombstone__c'];
/** Who plays in the simulation, and the checks of a scratch org, read small orgs of their own; this check writes no queries. */
const EXEMPT = [/\/simulated\//, /^src\/simulation\//, /\/told\/checks\//, /^scripts\/queries\//];

export interface Finding {
  path: string;
  line: number;
  text: string;
}

/** Every query of the product under `root`, and what is wrong with it. Tests are not looked at. */
export const findings = (root: string): { files: number; queries: number; found: Finding[] } => {
  const indexes = new Map(LARGE.map((object) => [object, indexedFields(root, object)]));
  const apex = apexSources(root).filter((path) => !/\/test\//.test(path));
  const typescript = globSync('{src,scripts}/**/*.ts', { cwd: root }).filter(
    (path) => !EXEMPT.some((pattern) => pattern.test(path)),
  );
  const found: Finding[] = [];
  let queries = 0;
  const look = (path: string, read: (text: string) => FoundQuery[]): void => {
    for (const { line, soql } of read(readFileSync(join(root, path), 'utf8'))) {
      queries++;
      const problem = judge(soql, indexes);
      if (problem) found.push({ path, line, text: problem });
    }
  };
  for (const path of apex) look(path, queriesOfApex);
  for (const path of typescript) look(path, (text) => queriesOfTypeScript(path, text));
  return { files: apex.length + typescript.length, queries, found };
};
