/**
 * Who may import whom, as zones of import-x/no-restricted-paths: files of `target` may not import
 * files of `from`, `except` taken out. tests/config/import-rules.test.ts shows each of them biting.
 */
import importX from 'eslint-plugin-import-x';

const ORG = './packages/local-org/src';

const SHARED = ['src/shared', 'packages/kernel'];
const EVERYTHING = Symbol('everything');

/**
 * Every folder of the repository that has code of ours, and what it may import besides itself.
 * A folder that is not here fails the test of this file.
 */
export const MAY_IMPORT = {
  'packages/kernel': [],
  'packages/local-org': ['packages/kernel'],
  'src/shared': ['packages/kernel'],
  'src/middle-layer': SHARED,
  'src/external-system': SHARED,
  'src/service-app': SHARED,
  'src/feeds': SHARED,
  'src/reconciliation': SHARED,
  // the interface of a flow, and the table of flows; a flow is not known by name outside of its folder
  'src/flows': [
    ...SHARED,
    'src/middle-layer',
    'src/external-system',
    'src/service-app',
    'src/feeds',
    'src/reconciliation',
    'src/story',
    'src/simulation',
    'packages/local-org',
  ],
  'src/story': [...SHARED, 'src/middle-layer', 'packages/local-org'],
  'src/simulation': [...SHARED, 'src/middle-layer', 'src/reconciliation', 'packages/local-org'],
  scripts: [
    'packages/kernel',
    'packages/local-org',
    ...['shared', 'flows', 'middle-layer', 'external-system', 'feeds', 'reconciliation', 'story', 'simulation'].map(
      (part) => `src/${part}`,
    ),
  ],
  bench: EVERYTHING,
  tests: EVERYTHING,
};

/** What the shared parts see of the flows. */
const TABLE_OF_FLOWS = ['./index.ts', './types.ts'];

const zone = (target, from, message, except = []) => ({ target, from, except, message });

const folders = Object.keys(MAY_IMPORT);

const betweenFolders = folders
  .filter((folder) => MAY_IMPORT[folder] !== EVERYTHING)
  .flatMap((folder) =>
    folders
      .filter((other) => other !== folder && !MAY_IMPORT[folder].includes(other))
      .map((other) =>
        zone(
          `./${folder}`,
          `./${other}`,
          `${folder} may import ${['itself', ...MAY_IMPORT[folder]].join(', ')}: config/import-rules.js.`,
          other === 'src/flows' ? TABLE_OF_FLOWS : [],
        ),
      ),
  );

/** What a flow carries and compares reaches its external system over HTTP alone; only who plays starts that system. */
const withinTheFlows = ['external-system', 'service-app', 'simulation', 'story'].map((part) =>
  zone(
    './src/flows/*/{carried,compared}/**/*',
    `./src/${part}`,
    'What a flow carries and compares knows no external system from within, and nobody who plays.',
  ),
);

/** Within the local org: the compiler knows nobody, and only index.ts knows all. */
const withinTheOrg = [
  zone(`${ORG}/compiler`, './packages', 'The compiler receives types and schema as data; it imports no other part.', [
    './local-org/src/compiler',
  ]),
  zone(`${ORG}/store`, ORG, 'The store knows no other part of the org.', ['./store', './regex']),
  zone(`${ORG}/regex`, './packages', 'Regular expressions know nothing but patterns and texts.', [
    './local-org/src/regex',
  ]),
  zone(`${ORG}/platform`, ORG, 'platform may import store, and the terms of the compiler.', [
    './platform',
    './regex',
    './store',
    './compiler/types.ts',
  ]),
  zone(`${ORG}/api`, ORG, 'api may import store, and the terms of the org and its parts.', [
    './api',
    './store',
    './types.ts',
    './compiler/types.ts',
    './deploy/types.ts',
    './platform/types.ts',
  ]),
  zone(`${ORG}/deploy`, './packages', 'deploy knows the org only as its target.', [
    './local-org/src/deploy',
    './local-org/src/types.ts',
    './local-org/src/compiler/types.ts',
  ]),
  zone(`${ORG}/dev-hub`, ORG, 'dev-hub may import the store, and the terms of the API and the org.', [
    './dev-hub',
    './store',
    './types.ts',
    './api/types.ts',
  ]),
  ...['tests', 'cli', 'catalogues', 'pack'].map((user) =>
    zone(ORG, `./packages/local-org/${user}`, 'src does not know who uses it.'),
  ),
];

/** Packages are imported by their names, which lead to TypeScript files. */
export const importSettings = {
  'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.js', '.json'] })],
};

export const importZones = [...betweenFolders, ...withinTheFlows, ...withinTheOrg];
