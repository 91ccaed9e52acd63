import { afterEach, jest } from '@jest/globals';
import { registerSa11yMatcher } from '@sa11y/jest';

registerSa11yMatcher();

afterEach(() => {
  document.body.replaceChildren();
  jest.clearAllMocks();
});
