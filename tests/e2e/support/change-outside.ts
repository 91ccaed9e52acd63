import assert from 'node:assert/strict';
import type { System } from '../../../src/flows/cases/told/system.ts';

/** Somebody changes a record in the registry, by its external id. */
export const changeOutside = async (system: System, id: string, values: Record<string, string>): Promise<void> => {
  const response = await fetch(`${system.external.url}/v1/cases/${id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${system.externalToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ values }),
  });
  assert.ok(response.ok, `${response.status}`);
};
