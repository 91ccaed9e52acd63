/**
 * Who may import whom, as zones of import-x/no-restricted-paths: files of `target` may not import
 * files of `from`, `except` taken out. tests/config/import-rules.test.ts shows each of them biting.
 */
const SRC = './src';
const ORG = `${SRC}/local-org`;

/** The three parts that speak HTTP with each other, and nothing else. */
const PARTS = ['middle-layer', 'external-system', 'local-org'];

const zone = (target, from, message, except = []) => ({ target, from, except, message });

export const importZones = [
  ...PARTS.flatMap((part) =>
    PARTS.filter((other) => other !== part).map((other) =>
      zone(`${SRC}/${part}`, `${SRC}/${other}`, `${part} and ${other} speak HTTP; they do not import each other.`),
    ),
  ),
  zone(`${SRC}/shared`, SRC, 'shared depends on nothing of ours.', ['./shared']),
  ...['./scripts', './tests', './bench'].map((from) => zone(SRC, from, 'src does not know who uses it.')),

  zone(`${ORG}/compiler`, SRC, 'The compiler receives types and schema as data; it imports no other part.', [
    './local-org/compiler',
  ]),
  zone(`${ORG}/store`, ORG, 'The store knows no other part of the org.', ['./store', './regex']),
  zone(`${ORG}/regex`, SRC, 'Regular expressions know nothing but patterns and texts.', ['./local-org/regex']),
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
  zone(`${ORG}/deploy`, SRC, 'deploy knows the org only as its target.', [
    './local-org/deploy',
    './local-org/types.ts',
    './local-org/compiler/types.ts',
  ]),
  zone(`${ORG}/dev-hub`, ORG, 'dev-hub may import the store, and the terms of the API and the org.', [
    './dev-hub',
    './store',
    './types.ts',
    './api/types.ts',
  ]),
];
