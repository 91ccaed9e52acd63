import { createExternalSystem, type ExternalSystem } from '../../../src/external-system/index.ts';
import type { Answering } from '../../../src/external-system/settings.ts';
import type { FromExternal, MessageReceipt, RecordMessage } from '../../../src/shared/case-messages.ts';
import { ManualClock } from 'kernel/clock.ts';
import { json, type Transport } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import type { Database } from '../../../src/shared/sql/types.ts';
import { readRules } from '../../../src/external-system/rules/field-rules.ts';
import { SAMPLE } from '../../../src/shared/sample.ts';

export const START = Date.UTC(2026, 0, 5, 9);
export const GRACE = 60_000;

/** A registry with a middle layer that takes everything. */
export class TestRegistry {
  readonly clock = new ManualClock(START);
  system!: ExternalSystem;
  readonly #inbox: FromExternal[] = [];

  /** `answers`: how it answers; what it answers at once counts as delivered. */
  static async open(db: Database, answers: Answering = 'later'): Promise<TestRegistry> {
    const registry = new TestRegistry();
    registry.system = await createExternalSystem({
      rules: [readRules(SAMPLE.registryRules)],
      db,
      clock: registry.clock,
      random: seededRandom(7),
      transport: registry.#transport,
      middleLayer: { url: 'http://middle', token: 'their-secret' },
      token: 'secret',
      settings: { graceMs: GRACE, answers },
    });
    return registry;
  }

  #transport: Transport = async (request) => {
    const { messages } = JSON.parse(request.body) as { messages: FromExternal[] };
    this.#inbox.push(...messages);
    return json(202, { results: messages.map(({ id }) => ({ id, accepted: true })) });
  };

  async call(method: string, url: string, body?: unknown): Promise<{ status: number; body: any }> {
    const response = await this.system.handle({
      method,
      url,
      headers: { authorization: 'Bearer secret' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    return { status: response.status, body: JSON.parse(response.body) };
  }

  async send(...messages: unknown[]): Promise<MessageReceipt[]> {
    const receipts: MessageReceipt[] = (await this.call('POST', '/v1/messages', { messages })).body.results;
    return receipts.map((receipt) => {
      if (!receipt.accepted) return receipt;
      const { answers = [], ...bare } = receipt;
      this.#inbox.push(...answers);
      return bare;
    });
  }

  /** What arrived at the middle layer since the last call. */
  async delivered(): Promise<FromExternal[]> {
    while (await this.system.publish());
    return this.#inbox.splice(0);
  }

  async lastRecord(): Promise<RecordMessage> {
    return (await this.delivered()).findLast((message) => message.kind === 'record') as RecordMessage;
  }
}
