/** What a rehearsal found wrong, told of the components it concerns. */
import type { Diagnostic } from '../compiler/types.ts';
import { failure } from './messages.ts';
import type { MetadataTypes } from './metadata-types.ts';
import { canonicalPath, treePath } from './source-tree.ts';
import type { MetadataProblem, Rehearsal } from './target.ts';
import type { Component, ComponentMessage } from './types.ts';

interface Context {
  types: MetadataTypes;
  components: readonly Component[];
  /** What was broken before counts only against who deploys it. */
  before: readonly Diagnostic[];
}

export const failuresOf = (context: Context, rehearsal: Rehearsal): ComponentMessage[] => [
  ...rehearsal.metadataProblems.map((problem) => metadataFailure(context, problem)),
  ...diagnosticFailures(context, rehearsal.diagnostics),
];

const metadataFailure = ({ components }: Context, { file, problem }: MetadataProblem): ComponentMessage => {
  const path = treePath(file);
  const component =
    components.find(({ files }) => files.has(path)) ??
    components.find(({ fullName }) => fullName.toLowerCase() === file.toLowerCase());
  const line = /\bat line (\d+)/.exec(problem);
  const place = line ? { lineNumber: Number(line[1]), columnNumber: 1 } : undefined;
  return failure(component ?? { type: '', fullName: path, fileName: path }, problem, place);
};

const diagnosticFailures = (
  { types, components, before }: Context,
  diagnostics: readonly Diagnostic[],
): ComponentMessage[] => {
  const errors = diagnostics.filter(({ level }) => level === 'error');
  const deployed = new Map(
    components.flatMap((component) => [...component.files.keys()].map((path) => [path, component])),
  );
  const broken = new Set(
    before.filter(({ level }) => level === 'error').map(({ path }) => canonicalPath(types, path.split('/'))),
  );
  return errors.flatMap((diagnostic) => {
    const path = canonicalPath(types, diagnostic.path.split('/'));
    const component = deployed.get(path);
    const place = { lineNumber: diagnostic.line, columnNumber: diagnostic.column };
    if (component) return [failure(component, diagnostic.message, place)];
    if (broken.has(path)) return [];
    return [
      failure(dependent(path), `Dependent class is invalid and needs recompilation: ${diagnostic.message}`, place),
    ];
  });
};

/** Code that is not part of the deployment and does not compile with it. */
const dependent = (path: string): { type: string; fullName: string; fileName: string } => ({
  type: path.endsWith('.trigger') ? 'ApexTrigger' : 'ApexClass',
  fullName: path.replace(/^.*\/|\.(cls|trigger)$/g, ''),
  fileName: path,
});
