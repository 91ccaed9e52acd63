import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import ts from 'typescript';

/** A TypeScript file of a Lightning component, and the JavaScript that is deployed in its place. */
export interface ComponentSource {
  source: string;
  output: string;
}

export function componentSources(): ComponentSource[] {
  return globSync('force-app/**/lwc/*/**/*.ts')
    .filter((path) => !path.endsWith('.d.ts') && !path.includes('__tests__'))
    .sort()
    .map((source) => ({ source, output: source.replace(/\.ts$/, '.js') }));
}

/** The modules that components import from each other as `c/name`: those whose file has its folder's name. */
export function componentModules(): Map<string, string> {
  const own = componentSources().filter(({ source }) => basename(source, '.ts') === basename(dirname(source)));
  return new Map(own.map(({ source }) => [`c/${basename(source, '.ts')}`, source]));
}

/** Removes the types and nothing else: decorators are for the platform's own compiler. */
export function stripTypes(path: string): string {
  const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: false,
      useDefineForClassFields: true,
      verbatimModuleSyntax: true,
    },
  });
  return outputText;
}
