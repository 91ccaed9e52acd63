/**
 * Makes `dist`: the org, its command line and the kernel as JavaScript with type declarations. Node strips types
 * everywhere except below node_modules, so an installed package has to be JavaScript. tsc makes it: the compiler that
 * checks the code emits what it checked, file for file, so stack traces keep their places, and declarations with it.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(PACKAGE, 'dist');

const emit = (): void => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(PACKAGE, 'tsconfig.pack.json')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tsc emitted nothing usable:\n${stdout}`);
};

/** What tsc leaves: specifiers of the kernel, which is no package here, those of declarations, and files of workers. */
const mendSpecifiers = (file: string): void => {
  const path = join(DIST, file);
  const toKernel = relative(dirname(path), join(DIST, 'kernel/src'));
  const text = readFileSync(path, 'utf8');
  const mended = text
    .replace(/(['"])kernel\/([\w-]+)\.ts\1/g, `$1${toKernel}/$2.js$1`)
    .replace(/((?:from|import\() ?['"]\.[^'"]*)\.ts(?=['"])/g, '$1.js')
    .replace(/(new URL\(['"]\.[^'"]*)\.ts(?=['"])/g, '$1.js');
  if (mended !== text) writeFileSync(path, mended);
};

/** Builds `dist` again, from nothing. Throws what tsc says when it cannot. */
export const build = (): void => {
  rmSync(DIST, { recursive: true, force: true });
  emit();
  for (const file of globSync('**/*.{js,d.ts}', { cwd: DIST })) mendSpecifiers(file);
  // catalogues that are read as files, not imported
  for (const file of globSync('src/**/generated/*.json', { cwd: PACKAGE })) {
    const copy = join(DIST, 'local-org', file);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(PACKAGE, file), copy);
  }
  copyFileSync(join(PACKAGE, 'pack/bin.js'), join(DIST, 'bin.js'));
  chmodSync(join(DIST, 'bin.js'), 0o755);
};
