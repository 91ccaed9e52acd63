import type { World } from '../../../../story/checks.ts';

/** A record of the registry, as far as the checks look at it. */
export interface ExternalRecord {
  externalId: string;
  key: string;
  salesforceCaseId: string | null;
  values: Record<string, unknown>;
  salesforceDeletion: unknown;
}

/** Asks the registry as its own people would. */
export const registry = async <T>(
  { external }: World,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
): Promise<T> => {
  const response = await fetch(`${external.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${external.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the external system answered ${response.status} to ${method} ${path}: ${text}`);
  return JSON.parse(text) as T;
};
