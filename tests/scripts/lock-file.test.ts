import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Entry {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly resolved?: string;
  /** A package of this repository: `resolved` is its folder. */
  readonly link?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Entry>;
};

/** Where Node finds `name` when the package at `from` asks for it: the nearest node_modules upwards. */
function find(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (lock.packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}

function reachedInProduction(): Set<string> {
  const reached = new Set<string>();
  const queue = [''];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const linked = lock.packages[path] ?? {};
    const entry = linked.link ? (lock.packages[linked.resolved ?? ''] ?? {}) : linked;
    const names = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies };
    for (const name of Object.keys(names)) {
      const found = find(path, name);
      if (found === undefined || reached.has(found)) continue;
      reached.add(found);
      queue.push(found);
    }
  }
  return reached;
}

test('the lock file marks as development exactly what npm leaves out of a production installation', () => {
  // setup.mjs takes an unmarked package that `npm ci --omit=dev` leaves out for a failed installation
  const reached = reachedInProduction();
  // folders of this repository are not installed
  const installed = Object.entries(lock.packages).filter(([path]) => path.includes('node_modules/'));
  const unmarked = installed.filter(
    ([path, entry]) => path !== '' && !reached.has(path) && entry.dev !== true && entry.devOptional !== true,
  );
  const wronglyMarked = installed.filter(([path, entry]) => reached.has(path) && entry.dev === true);
  assert.deepEqual(
    unmarked.map(([path]) => path),
    [],
  );
  assert.deepEqual(
    wronglyMarked.map(([path]) => path),
    [],
  );
});

test('the lock file records no address', () => {
  assert.deepEqual(
    Object.entries(lock.packages)
      .filter(([, entry]) => entry.resolved !== undefined && !entry.link)
      .map(([path]) => path),
    [],
  );
});
