import js from '@eslint/js';
import lwc from '@salesforce/eslint-config-lwc';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { importSettings, importZones } from './config/import-rules.js';

const NODE_FILES = ['src/**/*.ts', 'packages/**/*.ts', 'scripts/**/*.ts', 'tests/**/*.ts', 'bench/**/*.ts'];
const LWC_FILES = ['force-app/**/lwc/**/*.ts'];
const LWC_TESTS = ['lwc-tests/**/*.ts'];
/** Code that handles the values of compiled Apex: its analyser has typed them, TypeScript cannot. */
const APEX_VALUES = ['packages/local-org/src/platform/**/*.ts', 'packages/local-org/tests/platform/**/*.ts'];
/** Tests read what servers answer. */
const TESTS = ['tests/**/*.ts', 'packages/*/tests/**/*.ts', 'bench/**/*.ts'];
/** A longer function has parts that want names. */
const PROGRAMS = ['src/**/*.ts', 'packages/*/{src,cli,catalogues,pack}/**/*.ts', 'scripts/**/*.ts'];
const MAX_FUNCTION_LINES = 75;
/** A loop over opcodes, a table of decisions, a closure of small functions. */
const LONG_ON_PURPOSE = [
  'packages/local-org/src/regex/match.ts',
  'src/flows/cases/compared/classify.ts',
  'src/flows/cases/carried/sweeper.ts',
];
const UNTYPED_VALUES = {
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
};
const PLAIN_FILES = ['*.js', 'packages/*/pack/*.js', 'config/**/*.js', 'scripts/**/*.mjs'];

/** node:test returns promises nobody has to await. */
const TEST_CALLS = ['after', 'afterEach', 'before', 'beforeEach', 'describe', 'it', 'suite', 'test'];

const on = (files, ...configs) => configs.flat().map((config) => ({ ...config, files }));

export default [
  {
    ignores: [
      '**/generated/',
      '**/lwc/**/*.js',
      'coverage/',
      'reports/',
      '.concord/',
      '.local-org/',
      '**/fixtures/',
      'packages/*/dist/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  ...on(PLAIN_FILES, js.configs.recommended, {
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  }),

  ...on(NODE_FILES, js.configs.recommended, tseslint.configs.recommendedTypeChecked, {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: importSettings,
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: importZones, basePath: import.meta.dirname }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Node strips types only: use a union of strings.' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: TEST_CALLS }] },
      ],
      // Interfaces of ours are asynchronous for one implementation and not for another.
      '@typescript-eslint/require-await': 'off',
    },
  }),

  ...on(PROGRAMS, { rules: { 'max-lines-per-function': ['error', MAX_FUNCTION_LINES] } }),
  ...on(LONG_ON_PURPOSE, { rules: { 'max-lines-per-function': 'off' } }),

  ...on([...APEX_VALUES, ...TESTS], { rules: UNTYPED_VALUES }),
  ...on(APEX_VALUES, { rules: { '@typescript-eslint/only-throw-error': 'off' } }),
  ...on(TESTS, { rules: { '@typescript-eslint/no-explicit-any': 'off' } }),

  ...on(LWC_FILES, lwc.configs.recommended),
  ...on([...LWC_FILES, ...LWC_TESTS], tseslint.configs.recommendedTypeChecked, {
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './config/lwc/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  }),
];
