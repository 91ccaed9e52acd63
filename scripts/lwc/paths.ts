import { posix } from 'node:path';
import { componentModules } from './components.ts';

/** The tsconfig part that lets TypeScript find `c/name`, which does not resolve by itself. */
export const PATHS_FILE = 'config/lwc/generated/tsconfig.paths.json';

export function pathsFileText(): string {
  const folder = posix.dirname(PATHS_FILE);
  const paths = Object.fromEntries(
    [...componentModules()].map(([name, source]) => [name, [posix.relative(folder, source)]]),
  );
  const generated = 'by scripts/build-lwc.ts; do not edit';
  return `${JSON.stringify({ $generated: generated, compilerOptions: { paths } }, null, 2)}\n`;
}
