import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createElement } from 'lwc';
import SyncStatusBadge from 'c/syncStatusBadge';
import isInScope from '@salesforce/apex/CaseSyncController.isInScope';
import retry from '@salesforce/apex/CaseSyncController.retry';
import unsavedState from '@salesforce/apex/CaseSyncController.unsavedState';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { TOAST_EVENT, caseRecord, elementsWith, isA11yClean, settled } from './support';
import type { FieldId } from 'lightning/uiRecordApi';
import type { TestWireAdapter } from './support';

jest.mock('@salesforce/apex/CaseSyncController.retry', () => ({ __esModule: true, default: jest.fn() }), {
  virtual: true,
});

jest.mock('@salesforce/apex/CaseSyncController.isInScope', () => ({ __esModule: true, default: jest.fn() }), {
  virtual: true,
});

jest.mock('@salesforce/apex/CaseSyncController.unsavedState', () => ({ __esModule: true, default: jest.fn() }), {
  virtual: true,
});

jest.mock('@salesforce/customPermission/Retry_Case_Sync', () => ({ __esModule: true, default: true }), {
  virtual: true,
});

const retryMock = jest.mocked(retry);
const isInScopeMock = jest.mocked(isInScope);
const unsavedMock = jest.mocked(unsavedState);
const getRecordMock = getRecord as unknown as TestWireAdapter;
const CASE_ID = '500000000000001AAA';

let element: HTMLElement & { recordId?: string };

beforeEach(async () => {
  isInScopeMock.mockResolvedValue(true);
  unsavedMock.mockReset();
  unsavedMock.mockResolvedValue(null);
  element = createElement('c-sync-status-badge', { is: SyncStatusBadge });
  element.recordId = CASE_ID;
  document.body.appendChild(element);
  await settled();
});

async function show(fields: Record<string, unknown>): Promise<void> {
  getRecordMock.emit(caseRecord(CASE_ID, fields));
  await settled();
}

const text = (selector: string): string | undefined => elementsWith(element, selector)[0]?.textContent?.trim();
const badge = (): Record<string, unknown> | undefined => elementsWith(element, 'lightning-badge')[0];
const retryButton = (): HTMLElement | undefined => elementsWith(element, 'lightning-button.retry')[0];

describe('states', () => {
  test('reads the record of the page', () => {
    const config = getRecordMock.getLastConfig() as { optionalFields: FieldId[] };
    expect(config).toMatchObject({ recordId: CASE_ID });
    expect(config.optionalFields.map(({ fieldApiName }) => fieldApiName)).toContain('Sync_Status__c');
    expect(elementsWith(element, 'lightning-spinner')).toHaveLength(1);
  });

  test('success shows the version, the attempts and the external id, and offers no retry', async () => {
    await show({ Sync_Status__c: 'Success', Sync_Version__c: 3, Sync_Attempt__c: 1, External_Id__c: 'SR-42' });
    expect(badge()).toMatchObject({ label: 'Synced', iconName: 'utility:success' });
    const values = elementsWith(element, 'dd').map((value) => value.textContent?.trim());
    expect(values).toEqual(['SR-42', '3', '2']);
    expect(retryButton()).toBeUndefined();
    expect(text('.reason')).toBeUndefined();
    expect(text('.remedy')).toBeUndefined();
  });

  test('in progress says what it waits for, and since when', async () => {
    await show({ Sync_Status__c: 'In Progress', Sync_Requested_At__c: '2026-01-02T03:04:05.000Z' });
    expect(badge()).toMatchObject({ label: 'In progress', iconName: 'utility:sync' });
    expect(text('.meaning')).toContain('Waiting');
    const [requested] = elementsWith(element, 'lightning-formatted-date-time');
    expect(requested).toMatchObject({ value: Date.UTC(2026, 0, 2, 3, 4, 5) });
    const [ago] = elementsWith(element, 'lightning-relative-date-time');
    expect(ago).toMatchObject({ value: Date.UTC(2026, 0, 2, 3, 4, 5) });
  });

  test('failed shows the code and the text of the refusal', async () => {
    await show({ Sync_Status__c: 'Failed', Sync_Error_Code__c: 'ZIP_UNKNOWN', Sync_Error__c: 'No such zip code' });
    expect(badge()).toMatchObject({ label: 'Failed', iconName: 'utility:error' });
    expect(text('.reason')).toBe('Reason: No such zip code');
    expect(elementsWith(element, 'dd').map((value) => value.textContent?.trim())).toEqual(['ZIP_UNKNOWN']);
    expect(retryButton()).toBeDefined();
  });

  test('failed without a reason says so', async () => {
    await show({ Sync_Status__c: 'Failed' });
    expect(text('.reason')).toContain('No reason was given.');
  });

  test('an empty status is a Case that is not synced', async () => {
    await show({ Sync_Status__c: null });
    expect(badge()).toMatchObject({ label: 'Not synced' });
    expect(elementsWith(element, 'dd')).toHaveLength(0);
  });

  test('an empty status of a Case that is not in scope says so', async () => {
    isInScopeMock.mockResolvedValue(false);
    await show({ Sync_Status__c: null });
    expect(isInScopeMock).toHaveBeenCalledWith({ caseId: CASE_ID });
    expect(badge()).toMatchObject({ label: 'Out of scope' });
    expect(text('.remedy')).toContain('Sync Scope');
  });

  test('while the scope cannot be asked for, a Case is only not synced', async () => {
    isInScopeMock.mockRejectedValue(new Error('Offline'));
    await show({ Sync_Status__c: null });
    expect(badge()).toMatchObject({ label: 'Not synced' });
  });

  test('the scope is not asked for while there is a status', async () => {
    isInScopeMock.mockClear();
    await show({ Sync_Status__c: 'Success' });
    expect(isInScopeMock).not.toHaveBeenCalled();
  });

  test('a state that the org refuses to store is told in the words of its rule', async () => {
    unsavedMock.mockResolvedValue({ status: 'Success', reason: 'A closed Case may not change.' });
    await show({ Sync_Status__c: 'In Progress', Sync_Pending__c: 'Request' });
    expect(unsavedMock).toHaveBeenCalledWith({ caseId: CASE_ID });
    expect(badge()).toMatchObject({ label: 'Not stored', iconName: 'utility:warning' });
    expect(text('.meaning')).toContain('In truth this Case is “Success”.');
    expect(text('.reason')).toBe('Reason: A closed Case may not change.');
    expect(text('.remedy')).toContain('Concord Sync');
    expect(retryButton()).toBeUndefined();
    await isA11yClean(element);
  });

  test('once it is stored the Case speaks for itself again', async () => {
    unsavedMock.mockResolvedValue({ status: 'Success', reason: 'A closed Case may not change.' });
    await show({ Sync_Status__c: 'In Progress', Sync_Pending__c: 'Request' });
    await show({ Sync_Status__c: 'Success' });
    expect(badge()).toMatchObject({ label: 'Synced' });
  });

  test('while it cannot be asked for, the Case tells what it holds', async () => {
    unsavedMock.mockRejectedValue(new Error('Offline'));
    await show({ Sync_Status__c: 'In Progress', Sync_Pending__c: 'Request' });
    expect(badge()).toMatchObject({ label: 'In progress' });
  });

  test('a status that may not be seen says whom to ask', async () => {
    await show({});
    expect(badge()).toMatchObject({ label: 'No access' });
    expect(text('.remedy')).toContain('permission set Concord Agent');
  });

  test('a record that cannot be read tells why', async () => {
    getRecordMock.error({ message: 'You do not have access' });
    await settled();
    expect(text('.load-error')).toBe('The sync status could not be read: You do not have access');
    expect(badge()).toBeUndefined();
  });
});

describe('refresh and retry', () => {
  test('refresh asks for the record again', async () => {
    await show({ Sync_Status__c: 'Success' });
    elementsWith(element, '.refresh')[0]?.click();
    await settled();
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([{ recordId: CASE_ID }]);
  });

  test('a refresh that fails says why', async () => {
    const toasts = jest.fn();
    element.addEventListener(TOAST_EVENT, toasts);
    jest.mocked(notifyRecordUpdateAvailable).mockRejectedValueOnce(new Error('Offline'));
    await show({ Sync_Status__c: 'Success' });
    elementsWith(element, '.refresh')[0]?.click();
    await settled();
    expect(toasts.mock.calls[0]?.[0]).toMatchObject({ detail: { variant: 'error', message: 'Offline' } });
  });

  test('retry requests the sync, says so and refreshes', async () => {
    const toasts = jest.fn();
    element.addEventListener(TOAST_EVENT, toasts);
    retryMock.mockResolvedValue(null);
    await show({ Sync_Status__c: 'Failed' });
    retryButton()?.click();
    await settled();
    expect(retryMock).toHaveBeenCalledWith({ caseId: CASE_ID });
    expect(toasts.mock.calls[0]?.[0]).toMatchObject({ detail: { variant: 'success' } });
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(1);
  });

  test('the button is disabled while the retry is under way', async () => {
    retryMock.mockReturnValue(new Promise(() => undefined));
    await show({ Sync_Status__c: 'Failed' });
    retryButton()?.click();
    await settled();
    expect(retryButton()).toMatchObject({ disabled: true });
  });

  test('a refused retry shows the reason and can be tried again', async () => {
    const toasts = jest.fn();
    element.addEventListener(TOAST_EVENT, toasts);
    retryMock.mockRejectedValue({ body: { message: 'The sync is paused' } });
    await show({ Sync_Status__c: 'Failed' });
    retryButton()?.click();
    await settled();
    expect(toasts.mock.calls[0]?.[0]).toMatchObject({ detail: { variant: 'error', message: 'The sync is paused' } });
    expect(retryButton()).toMatchObject({ disabled: false });
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(1);
  });
});

describe('while something is awaited', () => {
  const READS_IN_TWO_MINUTES = [5, 15, 35, 75];

  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const readsWithin = async (seconds: number): Promise<number[]> => {
    const reads: number[] = [];
    const began = Date.now();
    jest.mocked(notifyRecordUpdateAvailable).mockImplementation(() => {
      reads.push((Date.now() - began) / 1000);
      return Promise.resolve();
    });
    await jest.advanceTimersByTimeAsync(seconds * 1000);
    return reads;
  };

  test.each([
    ['an answer', { Sync_Status__c: 'In Progress', Sync_Pending__c: 'Request' }],
    ['the next attempt', { Sync_Status__c: 'Failed', Sync_Pending__c: 'Retry' }],
  ])('the record is read again for %s, ever more seldom', async (_awaited, fields) => {
    await show(fields);
    expect(await readsWithin(120)).toEqual(READS_IN_TWO_MINUTES);
  });

  test('a read that fails is repeated, and no toast tells of it', async () => {
    const toasts = jest.fn();
    element.addEventListener(TOAST_EVENT, toasts);
    await show({ Sync_Status__c: 'In Progress' });
    jest.mocked(notifyRecordUpdateAvailable).mockRejectedValueOnce(new Error('Offline'));
    await jest.advanceTimersByTimeAsync(15_000);
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(2);
    expect(toasts).not.toHaveBeenCalled();
  });

  test('nothing is read once the answer is there', async () => {
    await show({ Sync_Status__c: 'In Progress' });
    await show({ Sync_Status__c: 'Success' });
    expect(await readsWithin(120)).toEqual([]);
  });

  test('nothing is read once the page is left', async () => {
    await show({ Sync_Status__c: 'In Progress' });
    element.remove();
    expect(await readsWithin(120)).toEqual([]);
  });
});

describe('accessibility', () => {
  test.each([
    ['success', { Sync_Status__c: 'Success', Sync_Version__c: 1, Sync_Attempt__c: 0 }],
    ['failed', { Sync_Status__c: 'Failed', Sync_Error__c: 'Refused' }],
    ['not synced', { Sync_Status__c: null }],
    ['no access', {}],
  ])('%s', async (_state, fields) => {
    await show(fields);
    await isA11yClean(element);
    expect(elementsWith(element, '[role="status"]')).toHaveLength(1);
  });

  test('an error is announced', async () => {
    getRecordMock.error({ message: 'No access' });
    await settled();
    await isA11yClean(element);
    expect(text('[role="alert"]')).toContain('No access');
  });
});
