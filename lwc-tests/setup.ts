import { afterEach, jest } from '@jest/globals';
import { registerSa11yMatcher } from '@sa11y/jest';
import { labels } from './labels';

registerSa11yMatcher();

for (const [name, value] of labels()) {
  jest.doMock(`@salesforce/label/c.${name}`, () => ({ __esModule: true, default: value }), { virtual: true });
}

afterEach(() => {
  document.body.replaceChildren();
  jest.clearAllMocks();
});
