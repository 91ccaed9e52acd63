/**
 * What deployments brought, kept in the org's own database: an org that is started again on its file has
 * it still. The project directory counts as deployed again with each start, so its components win.
 */
import { componentKey, withComponents } from './source-tree.ts';
import type { MetadataTypes } from './metadata-types.ts';
import type { SourceTree } from './types.ts';

export const KEPT_SOURCE = 'deployed-source';

/** The state of a store, as far as it is needed here. */
export interface State {
  put(kind: string, key: string, value: string): void;
  delete(kind: string, key: string): void;
  list(kind: string): { key: string; value: string }[];
}

/** Text is kept as it is, anything else in base64; the first letter tells. */
const encode = (content: Uint8Array): string => {
  const bytes = Buffer.from(content);
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? `t${text}` : `b${bytes.toString('base64')}`;
};

const decode = (value: string): Uint8Array => Buffer.from(value.slice(1), value.startsWith('t') ? 'utf8' : 'base64');

/** Keeps the changed files in place of those of the same components, and forgets the removed ones. */
export const keepSource = (
  types: MetadataTypes,
  state: State,
  changed: SourceTree,
  removed: ReadonlySet<string>,
): void => {
  const gone = new Set([...[...changed.keys()].map((path) => componentKey(types, path)), ...removed]);
  for (const { key } of state.list(KEPT_SOURCE)) {
    if (gone.has(componentKey(types, key))) state.delete(KEPT_SOURCE, key);
  }
  for (const [path, content] of changed) state.put(KEPT_SOURCE, path, encode(content));
};

/** The project's tree with what deployments added to it. */
export const withKeptSource = (
  types: MetadataTypes,
  project: SourceTree,
  kept: readonly { key: string; value: string }[],
): SourceTree => {
  const tree = new Map(kept.map(({ key, value }) => [key, decode(value)]));
  return withComponents(types, tree, [{ type: '', fullName: '', fileName: '', files: project }]);
};
