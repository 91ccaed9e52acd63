import assert from 'node:assert/strict';
import { globSync, readdirSync } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { ESLint } from 'eslint';
import importX from 'eslint-plugin-import-x';
import { importSettings, importZones, MAY_IMPORT } from '../../config/import-rules.js';

const root = resolve(import.meta.dirname, '../..');
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      plugins: { 'import-x': importX as unknown as ESLint.Plugin },
      settings: importSettings,
      rules: { 'import-x/no-restricted-paths': ['error', { zones: importZones, basePath: root }] },
    },
  ],
});

/** A file of the folder, since only what exists resolves to a place. */
function fileIn(folder: string): string {
  const [file] = globSync(`${folder}/**/*.{ts,mjs}`, { cwd: root });
  assert.ok(file, `${folder} has a file`);
  return file;
}

async function messages(importer: string, imported: string): Promise<string[]> {
  const path = imported.startsWith('name:') ? imported.slice(5) : posix.relative(dirname(importer), imported);
  const [result] = await eslint.lintText(
    `import '${path.startsWith('.') || imported.startsWith('name:') ? path : `./${path}`}';\n`,
    {
      filePath: resolve(root, importer),
    },
  );
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

const ORG = 'packages/local-org/src';

describe('forbidden imports fail', () => {
  const forbidden: [string, string][] = [
    ['src/middle-layer/x.ts', fileIn('src/external-system')],
    ['src/middle-layer/x.ts', `${ORG}/types.ts`],
    ['src/external-system/x.ts', fileIn('src/middle-layer')],
    ['src/middle-layer/x.ts', 'name:local-org'],
    ['src/reconciliation/x.ts', 'name:local-org/types.ts'],
    ['packages/kernel/src/x.ts', 'name:local-org'],
    ['src/external-system/deep/er/x.ts', `${ORG}/store/types.ts`],
    [`${ORG}/api/x.ts`, fileIn('src/middle-layer')],
    ['src/shared/x.ts', `${ORG}/types.ts`],
    ['src/middle-layer/x.ts', 'scripts/seed.ts'],
    ['src/reconciliation/x.ts', fileIn('src/middle-layer')],
    ['src/story/x.ts', fileIn('src/simulation')],
    ['src/simulation/x.ts', fileIn('src/flows/cases')],
    ['src/simulation/x.ts', fileIn('src/external-system')],
    ['src/story/x.ts', fileIn('src/external-system')],
    ['src/story/x.ts', fileIn('src/flows/cases')],
    ['packages/kernel/src/x.ts', 'src/shared/text.ts'],
    [`${ORG}/x.ts`, 'src/shared/text.ts'],
    [`${ORG}/x.ts`, 'packages/local-org/cli/main.ts'],
    ['scripts/x.ts', fileIn('tests')],
    ['src/middle-layer/x.ts', fileIn('src/flows/cases')],
    ['src/simulation/x.ts', fileIn('src/flows/cases')],
    ['src/flows/cases/carried/x.ts', fileIn('src/external-system')],
    ['src/flows/cases/carried/deep/x.ts', fileIn('src/simulation')],
    ['src/flows/cases/x.ts', fileIn('scripts')],
    [`${ORG}/compiler/x.ts`, 'packages/kernel/src/clock.ts'],
    [`${ORG}/compiler/3-emit/x.ts`, `${ORG}/platform/types.ts`],
    [`${ORG}/store/x.ts`, `${ORG}/compiler/types.ts`],
    [`${ORG}/regex/x.ts`, `${ORG}/store/types.ts`],
    [`${ORG}/platform/x.ts`, fileIn(`${ORG}/api`)],
    [`${ORG}/api/x.ts`, fileIn(`${ORG}/platform/values`)],
    [`${ORG}/deploy/x.ts`, `${ORG}/store/types.ts`],
    [`${ORG}/dev-hub/x.ts`, `${ORG}/platform/types.ts`],
  ];
  for (const [importer, imported] of forbidden) {
    test(`${importer} -> ${imported}`, async () => {
      assert.deepEqual(await messages(importer, imported), ['import-x/no-restricted-paths']);
    });
  }
});

describe('allowed imports pass', () => {
  const allowed: [string, string][] = [
    ['src/middle-layer/x.ts', 'src/flows/index.ts'],
    ['src/flows/cases/x.ts', 'src/middle-layer/flow.ts'],
    ['src/middle-layer/x.ts', 'name:kernel/clock.ts'],
    ['src/story/x.ts', 'name:local-org'],
    ['src/flows/cases/x.ts', fileIn('src/simulation')],
    ['scripts/x.ts', fileIn('src/flows')],
    ['src/middle-layer/x.ts', 'packages/kernel/src/clock.ts'],
    ['src/shared/sql/x.ts', 'packages/kernel/src/clock.ts'],
    [`${ORG}/compiler/1-parse/x.ts`, `${ORG}/compiler/types.ts`],
    [`${ORG}/platform/x.ts`, `${ORG}/store/types.ts`],
    [`${ORG}/platform/x.ts`, `${ORG}/compiler/types.ts`],
    [`${ORG}/api/operations/x.ts`, `${ORG}/store/types.ts`],
    [`${ORG}/api/operations/x.ts`, `${ORG}/types.ts`],
    [`${ORG}/api/operations/x.ts`, `${ORG}/deploy/types.ts`],
    [`${ORG}/deploy/x.ts`, `${ORG}/compiler/types.ts`],
    [`${ORG}/dev-hub/x.ts`, `${ORG}/store/types.ts`],
    [`${ORG}/store/x.ts`, 'packages/kernel/src/clock.ts'],
    [`${ORG}/index.ts`, `${ORG}/platform/types.ts`],
    ['tests/x.ts', 'src/middle-layer/../shared/text.ts'],
  ];
  for (const [importer, imported] of allowed) {
    test(`${importer} -> ${imported}`, async () => assert.deepEqual(await messages(importer, imported), []));
  }
});

test('every folder of code says what it may import', () => {
  const inside = (folder: string): string[] =>
    readdirSync(resolve(root, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [`${folder}/${entry.name}`] : [],
    );
  const folders = [...inside('src'), ...inside('packages'), 'scripts', 'tests', 'bench'];
  assert.deepEqual(Object.keys(MAY_IMPORT).sort(), folders.sort());
});
