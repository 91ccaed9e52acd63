import type { Handler, HttpRequest } from 'kernel/http.ts';
import type { MessageReceipts, ToExternal } from '../../../shared/case-messages.ts';
import type { Tools } from '../../../simulation/flow.ts';
import { allCases } from './people/types.ts';
import type { Scene } from './scene.ts';

const isMessages = ({ method, url }: HttpRequest): boolean => method === 'POST' && url === '/v1/messages';

/** What an external system of the earlier wire form reads of a request. */
const asItReads = (request: HttpRequest): HttpRequest => {
  const { messages } = JSON.parse(request.body) as { messages: ToExternal[] };
  const known = messages.map((message) => ({ ...message, acknowledges: undefined }));
  return { ...request, body: JSON.stringify({ messages: known }) };
};

/**
 * A registry of the wire form before write-backs acknowledged and receipts answered: it knows nothing of `acknowledges`, and
 * gives bare receipts.
 */
export const inEarlierForm =
  (registry: Handler): Handler =>
  async (request) => {
    if (!isMessages(request)) return registry(request);
    const response = await registry(asItReads(request));
    if (response.status !== 202) return response;
    const { results } = JSON.parse(response.body) as MessageReceipts;
    const bare = results.map((receipt) => (receipt.accepted ? { id: receipt.id, accepted: true } : receipt));
    return { ...response, body: JSON.stringify({ results: bare }) };
  };

const STEP_MS = 15_000;
/** In minutes, long before the registry would ask by itself. */
const STEPS = 16;

/** While nothing is lost, such a registry learns that Salesforce holds its record without asking for it. */
export const checkEarlierForm = async (scene: Scene, { settle }: Pick<Tools, 'settle'>): Promise<string[]> => {
  const { world } = scene;
  const before = new Set((await allCases(scene)).map(({ Id }) => Id));
  if ((await world.person('POST', '/sobjects/Case', { Subject: 'of the earlier form' })) === undefined) return [];
  for (let step = 0; step < STEPS; step++) {
    await world.round();
    await world.clock.advance(STEP_MS);
  }
  const [created] = (await allCases(scene)).filter(({ Id }) => !before.has(Id));
  const [record] = await world.db.query<{ sync_status: string }>('SELECT sync_status FROM case_record WHERE key = $1', [
    created!.Sync_Key__c,
  ]);
  if (record?.sync_status !== 'Success')
    return [`a registry of the earlier form was not told that the Case of ${created!.Sync_Key__c} is stored`];
  return settle();
};
