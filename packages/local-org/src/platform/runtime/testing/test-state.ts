/** The test that runs: its mocks, its fresh limits, its held asynchronous work. */
import type { TestSupport } from '../../services.ts';
import type { Apex } from '../../types.ts';
import { apexException } from '../../values/index.ts';
import { readStaticResource } from '../library-services.ts';
import type { CoreView } from '../view.ts';
import { newUnit, type Unit } from '../unit.ts';
import { deliverTestEvents, runHeldWork } from './held-work.ts';

export class TestState implements TestSupport {
  readonly #core: CoreView;
  readonly #mocks = new Map<string, Apex>();
  /** The unit of the test outside startTest … stopTest. */
  #outer: Unit | null = null;
  #stopped = false;
  searchResults: string[] = [];

  constructor(core: CoreView) {
    this.#core = core;
  }

  startTest(): void {
    if (this.#outer !== null || this.#stopped) throw apexException('FinalException', 'Testing already started');
    const { transaction } = this.#core;
    this.#outer = transaction.unit;
    // The request goes on: only its limits start again.
    transaction.unit = { ...newUnit('RUNTEST_SYNC', ''), request: transaction.unit.request };
  }

  stopTest(): void {
    if (this.#outer === null)
      throw apexException('FinalException', this.#stopped ? 'Testing already stopped' : 'Testing was not started');
    this.#core.transaction.unit = this.#outer;
    this.#outer = null;
    this.#stopped = true;
    runHeldWork(this.#core);
  }

  setMock(interfaceName: string, mock: Apex): void {
    this.#mocks.set(interfaceName.toLowerCase(), mock);
  }

  mock(interfaceName: string): Apex {
    return this.#mocks.get(interfaceName.toLowerCase()) ?? null;
  }

  setCreatedDate(recordId: string, epochMs: number): void {
    const { store } = this.#core.transaction;
    const id = store.normalizeId(recordId);
    const object = id === null ? null : store.objectOfId(id);
    if (id === null || object === null) throw apexException('StringException', `Invalid id: ${recordId}`);
    store.writePlatformRow({ object: object.name, id, values: new Map([['CreatedDate', epochMs]]) });
  }

  standardPricebookId(): string {
    return this.#core.transaction.store.standardPriceBook();
  }

  deliverEvents(): void {
    deliverTestEvents(this.#core);
  }

  failEvents(): void {
    throw apexException('UnsupportedOperationException', 'Test.getEventBus().fail() is not supported by the local org');
  }

  enableChangeDataCapture(): void {
    throw apexException(
      'UnsupportedOperationException',
      'Test.enableChangeDataCapture is not supported by the local org',
    );
  }

  setFixedSearchResults(ids: string[]): void {
    this.searchResults = ids;
  }

  staticResource(name: string): Uint8Array | null {
    return readStaticResource(this.#core.transaction.org.staticResources, name);
  }
}
