/**
 * `npm pack` runs this first: builds `dist`, and puts the package.json of the packed package into the place of that of
 * the workspace, which leads to TypeScript. postpack.ts puts the latter back.
 */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from './build.ts';

const PACKAGE_JSON = fileURLToPath(new URL('../package.json', import.meta.url));
/** That of the workspace, while the other is in its place. */
export const KEPT = fileURLToPath(new URL('../package.json.kept', import.meta.url));

interface Manifest {
  exports: Record<string, string>;
  dependencies: Record<string, string>;
  [name: string]: unknown;
}

/** The package.json of the packed package: the same names lead to what was built; the kernel is within. */
export const packedManifest = (workspace: Manifest): Manifest => {
  const { kernel: _within, ...dependencies } = workspace.dependencies;
  const { scripts: _scripts, ...manifest } = workspace;
  const built = (source: string, extension: string): string =>
    source.replace(/^\./, './dist/local-org').replace(/\.ts$/, extension);
  return {
    ...manifest,
    engines: { node: '>=24' },
    bin: { 'local-org': './dist/bin.js' },
    exports: Object.fromEntries(
      Object.entries(workspace.exports).map(([name, source]) => [
        name,
        { types: built(source, '.d.ts'), default: built(source, '.js') },
      ]),
    ) as never,
    files: ['dist', 'DIFFERENCES.md'],
    dependencies,
  };
};

if (import.meta.main) {
  // a pack that was interrupted has left it
  if (!existsSync(KEPT)) copyFileSync(PACKAGE_JSON, KEPT);
  build();
  const packed = packedManifest(JSON.parse(readFileSync(KEPT, 'utf8')) as Manifest);
  writeFileSync(PACKAGE_JSON, `${JSON.stringify(packed, null, 2)}\n`);
}
