import { expect } from '@jest/globals';

/** What the stubs of @salesforce/sfdx-lwc-jest turn a wire adapter into. */
export interface TestWireAdapter {
  emit(data: unknown): void;
  error(body?: unknown, status?: number, statusText?: string): void;
  getLastConfig(): unknown;
}

/** The toast stub does not export the name of its event. */
export const TOAST_EVENT = 'lightning__showtoast';

/** After wires, promises and rendering have had their turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

/** A record as the UI API gives it. */
export function caseRecord(id: string, fields: Record<string, unknown>): object {
  const entries = Object.entries(fields).map(([name, value]) => [name, { value, displayValue: null }]);
  return { apiName: 'Case', id, fields: Object.fromEntries(entries) as object };
}

export function elementsWith(host: HTMLElement, selector: string): (HTMLElement & Record<string, unknown>)[] {
  return [...(host.shadowRoot?.querySelectorAll<HTMLElement & Record<string, unknown>>(selector) ?? [])];
}

export async function isA11yClean(element: HTMLElement): Promise<void> {
  // The matcher is registered in setup.ts and declares itself for the global expect only.
  const matchers = expect(element) as unknown as { toBeAccessible(): Promise<void> };
  await matchers.toBeAccessible();
}
