import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apexSources } from '../metadata/package-directories.ts';
import { queriesOfApex, type FoundQuery } from './apex.ts';
import { indexedFields } from './indexes.ts';
import { judge } from './judge.ts';
import { queriesOfTypeScript } from './typescript.ts';

/** Objects that have a record for each synced record, or for each that was deleted. */
export const LARGE = ['Case', 'Sync_Tombstone__c'];
/**
 * Who plays in the simulation, and the checks of a scratch org, read small orgs of their own; this check writes no
 * queries; the removal from an org counts once what it deletes, for the person who asked for it.
 */
const EXEMPT = [
  /\/simulated\//,
  /^src\/simulation\//,
  /\/told\/checks\//,
  /^scripts\/queries\//,
  /^scripts\/deploying\/remove-project\.ts$/,
];

export interface Finding {
  path: string;
  line: number;
  text: string;
}

/** A query, and where it stands. */
export interface PlacedQuery extends FoundQuery {
  path: string;
}

/** Every query of the product under `root`. Tests are not looked at. */
export const queriesOf = (root: string): { files: number; queries: PlacedQuery[] } => {
  const apex = apexSources(root).filter((path) => !/\/test\//.test(path));
  const typescript = globSync('{src,scripts}/**/*.ts', { cwd: root }).filter(
    (path) => !EXEMPT.some((pattern) => pattern.test(path)),
  );
  const placed = (paths: string[], read: (path: string, text: string) => FoundQuery[]): PlacedQuery[] =>
    paths.flatMap((path) => read(path, readFileSync(join(root, path), 'utf8')).map((query) => ({ ...query, path })));
  return {
    files: apex.length + typescript.length,
    queries: [...placed(apex, (_path, text) => queriesOfApex(text)), ...placed(typescript, queriesOfTypeScript)],
  };
};

/** What is wrong with the queries of the product under `root`. */
export const findings = (root: string): { files: number; queries: number; found: Finding[] } => {
  const indexes = new Map(LARGE.map((object) => [object, indexedFields(root, object)]));
  const { files, queries } = queriesOf(root);
  const found = queries.flatMap(({ path, line, soql }) => {
    const problem = judge(soql, indexes);
    return problem ? [{ path, line, text: problem }] : [];
  });
  return { files, queries: queries.length, found };
};
