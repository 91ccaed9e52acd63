/** No circle of files, except where the language or grammar that the files handle is recursive itself. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');
const CODE = '{src,packages/*/{src,cli,catalogues},scripts}/**/*.{ts,mjs}';

/** Folders whose files may import one another in a circle, and why. */
const RECURSIVE: Record<string, string> = {
  'packages/local-org/src/compiler/1-parse/lower': 'an expression may be a query, and a query binds expressions',
  'packages/local-org/src/compiler/2-analyze/body':
    'an expression has operands that are expressions, a statement has a body of statements',
  'packages/local-org/src/store/soql/plan':
    'a condition may compare with a query, which has conditions; a formula field may read formula fields',
};

type Graph = ReadonlyMap<string, readonly string[]>;

/** Where an import leads, as a path from the root; null for what is no file of ours. */
const target = (importer: string, specifier: string): string | null => {
  if (specifier.startsWith('.')) return posix.join(dirname(importer), specifier);
  const [, name, path = 'index.ts'] = /^(kernel|local-org)(?:\/(.+))?$/.exec(specifier) ?? [];
  return name === undefined ? null : `packages/${name}/src/${path}`;
};

/** All imports, of types too: what a type drags in has to be read as well. */
const importsOf = (importer: string, text: string): string[] =>
  ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName }) => target(importer, fileName) ?? []);

const readGraph = (): Map<string, string[]> =>
  new Map(
    globSync(CODE, { cwd: root, exclude: ['**/node_modules/**'] })
      .map((file) => file.split('\\').join('/'))
      .map((file) => [file, importsOf(file, readFileSync(resolve(root, file), 'utf8'))]),
  );

/** The strongly connected components of more than one file (Tarjan). */
const circlesOf = (graph: Graph): string[][] => {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
};

const isRecursive = (circle: string[]): boolean =>
  Object.keys(RECURSIVE).some((folder) => circle.every((file) => dirname(file) === folder));

const graph = readGraph();

describe('circles of files', () => {
  test('there are none but those of recursive descent', () => {
    assert.ok(graph.size > 500, 'the files are found');
    assert.deepEqual(
      circlesOf(graph).filter((circle) => !isRecursive(circle)),
      [],
    );
  });

  test('every exception is still needed', () => {
    const circles = circlesOf(graph);
    for (const folder of Object.keys(RECURSIVE))
      assert.ok(
        circles.some((circle) => dirname(circle[0]!) === folder),
        `${folder} has no circle any more`,
      );
  });

  test('a planted one is found, also of types, and also through the name of a package', () => {
    const clock = 'packages/kernel/src/clock.ts';
    const planted = new Map(graph).set(clock, [
      ...graph.get(clock)!,
      ...importsOf(clock, "import type { LocalOrg } from 'local-org';"),
    ]);
    const found = circlesOf(planted).filter((circle) => !isRecursive(circle));
    assert.ok(found.some((circle) => circle.includes(clock) && circle.includes('packages/local-org/src/index.ts')));
    const two: Graph = new Map([
      ['src/a.ts', importsOf('src/a.ts', "import type { B } from './b.ts';")],
      ['src/b.ts', importsOf('src/b.ts', "export { a } from './a.ts';")],
      ['src/c.ts', importsOf('src/c.ts', "import { a } from './a.ts';")],
    ]);
    assert.deepEqual(circlesOf(two), [['src/a.ts', 'src/b.ts']]);
  });
});
