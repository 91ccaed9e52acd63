import { json } from 'kernel/http.ts';
import { eraseFrom, erasureRequestIn, type Held } from '../../shared/erasure.ts';
import { jsonBody, RequestError, type Route } from '../../shared/router.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { insertAudit } from '../db/audit.ts';
import { countMessages, eraseMessages } from '../db/erase.ts';
import { lockKeys } from '../db/keys.ts';
import type { RunningFlow, Service } from '../service.ts';
import type { Context, MessageState } from '../types.ts';

const OPEN: MessageState[] = ['queued', 'sending'];

const runningFlow = (service: Service, flow: unknown): RunningFlow => {
  const running = service.flows.find(({ context }) => context.flow === flow);
  if (running) return running;
  const names = service.flows.map(({ context }) => context.flow).join(', ');
  throw new RequestError(400, 'BAD_REQUEST', `flow must be one of ${names}`);
};

const together = (parts: readonly Held[]): Held => ({
  rows: Object.assign({}, ...parts.map(({ rows }) => rows)) as Record<string, number>,
  values: parts.flatMap(({ values }) => values),
});

/**
 * `POST /v1/erasures` `{flow, key, texts?, former?, kept?, dryRun?}`: erases what is kept of a record's values, and searches the
 * whole database for them and for `texts`, without those that the record still holds (`kept`). 409 `UNDER_WAY` while a message about the
 * record is open: it would bring them back. Of a record that lives on (`former`), a dead letter is open work too.
 */
export const postErasure =
  (context: Context, service: Service): Route =>
  async (request) => {
    const body = jsonBody(request);
    const { context: flowContext, open } = runningFlow(service, body.flow);
    const { flow } = flowContext;
    const erasure = erasureRequestIn(body);
    const { key, former, dryRun } = erasure;
    const erase = async (tx: Queryable): Promise<Held> => {
      await lockKeys(tx, flow, [key]);
      const underWay = await countMessages(tx, flow, key, former ? [...OPEN, 'dead'] : OPEN);
      if (underWay > 0)
        throw new RequestError(
          409,
          'UNDER_WAY',
          `${underWay} messages about ${key} are under way, and would bring its values back; nothing was erased. Ask again when they have arrived (GET /v1/audit?key=${key}), or retry its dead letters first`,
        );
      const held = together([await eraseMessages(tx, flow, key), await open.erase(tx, key)]);
      const row = { target: 'erasure', message_id: null, key, kind: 'erasure', outcome: 'ERASED' };
      await insertAudit(tx, flowContext, [row], new Date(context.clock.now()));
      return held;
    };
    const answer = await eraseFrom(context.db, erasure, erase);
    if (!dryRun) context.log('info', 'erased', { flow, key, rows: answer.rows });
    return json(200, answer);
  };
