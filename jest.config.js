import lwcJest from '@salesforce/sfdx-lwc-jest/config.js';

export default {
  ...lwcJest.jestConfig,
  // TypeScript first: beside it may lie the JavaScript of an earlier build.
  moduleFileExtensions: ['ts', 'js', 'html', 'json'],
  testMatch: ['<rootDir>/lwc-tests/**/*.test.ts'],
  setupFilesAfterEnv: [...(lwcJest.jestConfig.setupFilesAfterEnv ?? []), '<rootDir>/lwc-tests/setup.ts'],
};
