/** Lightning components as modules that a browser loads one by one: no bundle, compiled when they are asked for. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@lwc/compiler';
import { componentModules, stripTypes } from '../../../scripts/lwc/components.ts';

/** Where a page finds modules; below it, paths from the root of the project. */
const MODULES = '/modules/';
/** What stands in for the platform's own components and modules. */
const PLATFORM = 'lwc-tests/platform/lwc/lightning/*/*.ts';
const EMPTY = 'export default undefined;';

const engine = (specifier: string): [string, string] => {
  const path = posix.relative(process.cwd(), fileURLToPath(import.meta.resolve(specifier)));
  // The CommonJS entry is what Node resolves to; the module lies beside it.
  return [specifier, path.replace(/index\.cjs\.js$/, 'index.js')];
};

/** Which file each bare import means. */
const filesBySpecifier = (): Map<string, string> =>
  new Map([
    ['lwc', engine('@lwc/engine-dom')[1]],
    engine('@lwc/synthetic-shadow'),
    ...componentModules(),
    ...globSync(PLATFORM).map((path): [string, string] => [`lightning/${basename(path, '.ts')}`, path]),
  ]);

export interface ComponentModules {
  /** For the page's import map. */
  imports: Record<string, string>;
  /** The JavaScript at a URL's path, or null when there is none. A component that does not compile throws. */
  at(path: string, scopedStyles: boolean): string | null;
}

export const readComponentModules = (): ComponentModules => {
  const files = filesBySpecifier();
  const namespaces = new Map([...files].map(([specifier, path]) => [dirname(path), specifier.split('/')[0]!]));
  const done = new Map<string, string | null>();
  const moduleAt = (path: string, scopedStyles: boolean): string | null => {
    const file = path.slice(MODULES.length);
    const namespace = namespaces.get(posix.dirname(file));
    if (!path.startsWith(MODULES) || namespace === undefined) return null;
    return file.startsWith('node_modules/') ? readFileSync(file, 'utf8') : compiled(file, namespace, scopedStyles);
  };
  return {
    imports: Object.fromEntries([...files].map(([specifier, path]) => [specifier, MODULES + path])),
    at(path, scopedStyles) {
      const name = `${path}${scopedStyles ? '?scoped' : ''}`;
      if (!done.has(name)) done.set(name, moduleAt(path, scopedStyles));
      return done.get(name)!;
    },
  };
};

const compiled = (file: string, namespace: string, scopedStyles: boolean): string | null => {
  // Components import their parts without an extension.
  const source = extname(file) === '' ? `${file}.ts` : file;
  // Classes import a template, and templates style sheets, whether there are any or not.
  if (!existsSync(source)) return ['.html', '.css'].includes(extname(source)) ? EMPTY : null;
  const text = source.endsWith('.ts') ? stripTypes(source) : readFileSync(source, 'utf8');
  const name = basename(dirname(source));
  return transformSync(text, source.replace(/\.ts$/, '.js'), { name, namespace, scopedStyles }).code;
};
