/** Expectations on what Apex would throw. */
import assert from 'node:assert/strict';
import { ApexException } from '../../../src/platform/values/index.ts';

/** `run` throws an exception of this type whose message is exactly, or matches, `message`. */
export const throwsApex = (run: () => unknown, type: string, message: string | RegExp): void => {
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof ApexException, `an Apex exception, not ${String(error)}`);
    assert.equal(error.apexType, type);
    if (typeof message === 'string') assert.equal(error.text(), message);
    else assert.match(error.text(), message);
    return true;
  });
};
