import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createElement } from 'lwc';
import UsageLines from 'c/usageLines';
import { refreshApex } from '@salesforce/apex';
import read from '@salesforce/apex/UsageLinesController.read';
import { getRecord } from 'lightning/uiRecordApi';
import type { Line, WaitingBooking, Usage } from '../force-app/usage/main/default/lwc/usageLines/usage';
import { elementsWith, isA11yClean, settled } from './support';
import type { TestWireAdapter } from './support';

jest.mock('@salesforce/apex', () => ({ __esModule: true, refreshApex: jest.fn(() => Promise.resolve()) }), {
  virtual: true,
});

jest.mock(
  '@salesforce/apex/UsageLinesController.read',
  () => {
    const { createApexTestWireAdapter } = jest.requireActual<{
      createApexTestWireAdapter: (method: unknown) => unknown;
    }>('@salesforce/sfdx-lwc-jest');
    return { __esModule: true, default: createApexTestWireAdapter(jest.fn()) };
  },
  { virtual: true },
);

const CONTRACT_ID = '800000000000001AAA';
const readMock = read as unknown as TestWireAdapter;
const contractMock = getRecord as unknown as TestWireAdapter;
const refreshMock = jest.mocked(refreshApex);

const line = (more: Partial<Line> = {}): Line => ({
  recordId: 'a00000000000001AAA',
  name: 'Gigantic ad',
  productNumber: 'GIGANTIC',
  sold: '5',
  consumed: '1.5',
  available: '3.5',
  isOverBooked: false,
  ...more,
});

const booking = (more: Partial<WaitingBooking> = {}): WaitingBooking => ({
  recordId: 'a02000000000001AAA',
  reason: 'Fulfilled',
  message: 'Contract 00000100 is fulfilled.',
  productNumber: 'SMALL',
  units: '2',
  bookedAt: '2026-11-27T08:00:00.000Z',
  ...more,
});

const usage = (more: Partial<Usage> = {}): Usage => ({
  isFulfilled: false,
  fulfilledAt: null,
  sealing: null,
  lines: [line()],
  moreLines: 0,
  exceptions: [],
  moreExceptions: 0,
  hidden: [],
  ...more,
});

let element: HTMLElement & { recordId?: string };

beforeEach(async () => {
  refreshMock.mockResolvedValue(undefined);
  element = createElement('c-usage-lines', { is: UsageLines });
  element.recordId = CONTRACT_ID;
  document.body.appendChild(element);
  await settled();
});

async function show(more: Partial<Usage> = {}): Promise<void> {
  readMock.emit(usage(more));
  await settled();
}

const texts = (selector: string): string[] =>
  elementsWith(element, selector).map(({ textContent }) => (textContent ?? '').replace(/\s+/g, ' ').trim());
const badges = (): unknown[] => elementsWith(element, 'lightning-badge').map(({ label }) => label);

describe('lines', () => {
  test('are asked for by the contract of the page, behind a spinner', () => {
    expect(readMock.getLastConfig()).toEqual({ contractId: CONTRACT_ID });
    expect(elementsWith(element, 'lightning-spinner')).toHaveLength(1);
  });

  test('say what is sold, consumed and available, in words and as a bar that has words too', async () => {
    await show();
    expect(texts('.line strong')).toEqual(['Gigantic ad']);
    expect(texts('.units')).toEqual(['5 sold, 1.5 consumed, 3.5 available']);
    const [bar] = elementsWith(element, '[role=meter]');
    expect(bar?.getAttribute('aria-valuetext')).toBe('1.5 of 5 units consumed');
    expect(bar?.getAttribute('aria-valuenow')).toBe('30');
    expect(bar?.getAttribute('aria-label')).toBe('Gigantic ad');
    expect(elementsWith(element, '.slds-progress-bar__value')[0]?.style.width).toBe('30%');
    expect(elementsWith(element, 'lightning-spinner')).toHaveLength(0);
  });

  test('keep every digit of large units', async () => {
    await show({ lines: [line({ sold: '999999999999.999', consumed: '123456789012345.678', available: '-1' })] });
    expect(texts('.units')).toEqual(['999,999,999,999.999 sold, 123,456,789,012,345.678 consumed, -1 available']);
  });

  test('that are over-booked say so, and their bar is full, no longer', async () => {
    await show({ lines: [line({ consumed: '7', available: '-2', isOverBooked: true })] });
    expect(badges()).toEqual(['Open', 'Over-booked']);
    expect(elementsWith(element, '[role=meter]')[0]?.getAttribute('aria-valuenow')).toBe('100');
    expect(elementsWith(element, '[role=meter]')[0]?.getAttribute('aria-valuetext')).toBe('7 of 5 units consumed');
  });

  test('of which a number may not be seen show the others, and no bar', async () => {
    await show({ lines: [line({ consumed: null, available: null })], hidden: ['Consumed Units', 'Available Units'] });
    expect(texts('.units')).toEqual(['5 sold']);
    expect(elementsWith(element, '[role=meter]')).toHaveLength(0);
    expect(texts('.unseen p')).toEqual([
      'You may not see: Consumed Units, Available Units.',
      'What to do: Ask your administrator for the permission set Concord Usage Sales or Concord Usage Billing.',
    ]);
  });

  test('that may not be seen are named, and the rest is shown', async () => {
    await show({ lines: null, exceptions: [booking()], hidden: ['Contract Lines'] });
    expect(texts('h3')).toEqual(['Waiting for a decision']);
    expect(texts('.unseen p')[0]).toBe('You may not see: Contract Lines.');
    expect(badges()).toEqual(['Open']);
  });

  test('there are none of', async () => {
    await show({ lines: [] });
    expect(texts('.no-lines')).toEqual(['This contract has no lines yet.']);
  });

  test('two hundred are shown, and how many more there are', async () => {
    const lines = Array.from({ length: 200 }, (_, at) => line({ recordId: `line ${at}`, name: `Ad ${at}` }));
    await show({ lines, moreLines: 17 });
    expect(elementsWith(element, '.line')).toHaveLength(200);
    expect(texts('.more-lines')).toEqual(['17 more lines are in the related list Contract Lines.']);
  });

  test('are understood when the answer leaves out what is null', async () => {
    readMock.emit({ isFulfilled: false, lines: [{ recordId: 'a', name: 'Small ad' }], hidden: ['Units'] });
    await settled();
    expect(texts('.units')).toEqual(['']);
    expect(elementsWith(element, '[role=meter]')).toHaveLength(0);
    expect(elementsWith(element, '.more-lines')).toHaveLength(0);
    expect(texts('h3')).toEqual(['Lines']);
  });

  test('of nothing sold have an empty bar', async () => {
    await show({ lines: [line({ sold: '0', consumed: '0', available: '0' })] });
    expect(elementsWith(element, '[role=meter]')[0]?.getAttribute('aria-valuenow')).toBe('0');
  });
});

describe('the lock', () => {
  test('an open contract says that usage still changes', async () => {
    await show();
    expect(badges()).toEqual(['Open']);
    expect(texts('.meaning')).toEqual(['Usage is still booked and corrected in the service application.']);
    expect(elementsWith(element, '.fulfilled-at')).toHaveLength(0);
  });

  test('a fulfilled one says since when it is locked', async () => {
    await show({ isFulfilled: true, fulfilledAt: '2026-11-27T09:30:00.000Z' });
    expect(badges()).toEqual(['Fulfilled, locked']);
    const [at] = elementsWith(element, '.fulfilled-at lightning-formatted-date-time');
    expect(at).toMatchObject({ value: Date.UTC(2026, 10, 27, 9, 30) });
  });

  test('one that is being sealed says how far it is', async () => {
    await show({ isFulfilled: true, sealing: { counted: 20_000, expected: 43_000, isStuck: false, notice: null } });
    expect(badges()).toEqual(['Fulfilled, being sealed']);
    expect(texts('.meaning')).toEqual([
      'Its usage and its lines are locked. 20,000 of 43,000 usage entries are counted for its seal; it can be invoiced when all are.',
    ]);
    expect(elementsWith(element, '.stuck')).toHaveLength(0);
  });

  test('one whose sealing does not go on says why, and what to do', async () => {
    await show({ isFulfilled: true, sealing: { counted: 0, expected: 7, isStuck: true, notice: 'An entry changed.' } });
    expect(badges()).toEqual(['Fulfilled, sealing stopped']);
    expect(texts('.stuck p')).toEqual([
      'An entry changed.',
      'What to do: Ask your administrator to look at Contract Sealings: its notice says why, and the schedule of Concord starts the next step.',
    ]);
  });

  test('one whose sealing stopped for no reason that is known says what to do', async () => {
    readMock.emit({ isFulfilled: true, sealing: { counted: 0, expected: 7, isStuck: true } });
    await settled();
    expect(texts('.stuck p')).toHaveLength(1);
  });

  test('one that may not be seen says so', async () => {
    await show({ isFulfilled: null, hidden: ['Fulfilled'] });
    expect(badges()).toEqual(['Lock not visible']);
    expect(texts('.units')).toHaveLength(1);
  });
});

describe('bookings that wait for a decision', () => {
  test('show what is booked, why it waits and when it was booked', async () => {
    await show({ exceptions: [booking()], moreExceptions: 3 });
    expect(texts('.waiting strong')).toEqual(['2 × SMALL']);
    expect(texts('.waiting p')).toContain('Contract 00000100 is fulfilled.');
    expect(texts('.waiting .slds-text-color_error')).toEqual(['Fulfilled']);
    const [at] = elementsWith(element, '.waiting lightning-formatted-date-time');
    expect(at).toMatchObject({ value: Date.UTC(2026, 10, 27, 8) });
    expect(texts('.more-waiting')).toEqual(['3 more are in the related list Usage Exceptions.']);
  });

  test('show what may be seen of them', async () => {
    await show({ exceptions: [booking({ units: null, message: null, bookedAt: null, reason: null })] });
    expect(texts('.waiting p')).toEqual(['SMALL']);
  });

  test('there are none of', async () => {
    await show();
    expect(texts('.nothing-waits')).toEqual(['No booking waits for a decision.']);
  });
});

describe('what goes wrong', () => {
  test('is named, with what to do', async () => {
    readMock.error({ message: 'There is no such contract, or you may not see it.' });
    await settled();
    expect(texts('[role=alert] p')).toEqual([
      'The usage could not be read: There is no such contract, or you may not see it.',
      'What to do: Select Refresh. If it stays so, ask your administrator for the permission set Concord Usage Sales or Concord Usage Billing.',
    ]);
    expect(badges()).toEqual([]);
  });

  test('is gone with the next answer', async () => {
    readMock.error({ message: 'Offline' });
    await settled();
    await show();
    expect(elementsWith(element, '[role=alert]')).toHaveLength(0);
    expect(texts('.units')).toHaveLength(1);
  });

  test('a refresh that fails breaks nothing', async () => {
    await show();
    refreshMock.mockRejectedValueOnce(new Error('Offline'));
    elementsWith(element, '.refresh')[0]?.click();
    await settled();
    expect(texts('.units')).toHaveLength(1);
  });
});

describe('what happens while the page stands open', () => {
  const contract = (at: string): object => ({
    apiName: 'Contract',
    id: CONTRACT_ID,
    fields: { LastModifiedDate: { value: at, displayValue: null } },
  });

  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const seen = (width: number): void => {
    jest.spyOn(element, 'getBoundingClientRect').mockReturnValue({ width, height: width } as DOMRect);
    jest.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue({ width, height: width } as DOMRect);
  };

  test('is asked for again and again, for as long as the component is seen', async () => {
    seen(400);
    await show();
    await jest.advanceTimersByTimeAsync(80_000);
    expect(refreshMock).toHaveBeenCalledTimes(4);
    expect(refreshMock.mock.calls[0]?.[0]).toMatchObject({ data: usage() });
    seen(0);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(refreshMock).toHaveBeenCalledTimes(4);
  });

  test('is asked for no more once the page is left', async () => {
    seen(400);
    await show();
    element.remove();
    await jest.advanceTimersByTimeAsync(120_000);
    expect(refreshMock).not.toHaveBeenCalled();
  });

  test('is asked for at once when somebody saves the contract on this page', async () => {
    await show();
    contractMock.emit(contract('2026-11-27T08:00:00.000Z'));
    await settled();
    expect(refreshMock).not.toHaveBeenCalled();
    contractMock.emit(contract('2026-11-27T08:05:00.000Z'));
    await settled();
    expect(refreshMock).toHaveBeenCalledTimes(1);
  });

  test('is asked for by hand', async () => {
    await show();
    elementsWith(element, '.refresh')[0]?.click();
    await settled();
    expect(refreshMock).toHaveBeenCalledTimes(1);
  });
});

describe('accessibility', () => {
  test.each<[string, Partial<Usage>]>([
    ['an open contract', {}],
    ['an over-booked line', { lines: [line({ isOverBooked: true, consumed: '6' })] }],
    ['a fulfilled contract', { isFulfilled: true, fulfilledAt: '2026-11-27T09:30:00.000Z', exceptions: [booking()] }],
    [
      'a sealing that stopped',
      { isFulfilled: true, sealing: { counted: 1, expected: 7, isStuck: true, notice: 'An entry changed.' } },
    ],
    ['nothing to see', { lines: null, exceptions: null, isFulfilled: null, hidden: ['Contract Lines', 'Fulfilled'] }],
    ['no lines', { lines: [] }],
  ])('%s', async (_state, more) => {
    await show(more);
    await isA11yClean(element);
    expect(elementsWith(element, '[role="status"]')).toHaveLength(1);
  });

  test('an error is announced', async () => {
    readMock.error({ message: 'No access' });
    await settled();
    await isA11yClean(element);
    expect(texts('[role="alert"]')[0]).toContain('No access');
  });
});
