/** The Case flow, as the middle layer needs it: see docs/case-protocol.md. */
import { LARGE_BODY_BYTES } from 'kernel/http.ts';
import { fileURLToPath } from 'node:url';
import { addToCounter } from '../../../middle-layer/db/counters.ts';
import { readReplayId } from '../../../middle-layer/db/replay-ids.ts';
import { httpReceiver } from '../../../middle-layer/clients/receiver.ts';
import { runStream } from '../../../middle-layer/clients/salesforce/stream.ts';
import type { CarriedFlow, FlowParts, Reach } from '../../../middle-layer/flow.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { countOverdueIntakes } from './db/intakes.ts';
import { readSweepState } from './db/sweep-state.ts';
import { deliverToExternal } from './deliver-to-external.ts';
import { deliverToSalesforce } from './deliver-to-salesforce.ts';
import { getConflicts } from './endpoints/get-conflicts.ts';
import { postIntake } from './endpoints/post-intake.ts';
import { postMessages } from './endpoints/post-messages.ts';
import type { ExternalPort } from './external/port.ts';
import { CASES } from './name.ts';
import { readiness } from './readiness.ts';
import { retryDeadLetter, retryDeadLetters } from './retry-dead-letter.ts';
import { httpSalesforce } from './salesforce/http.ts';
import type { SalesforcePort } from './salesforce/port.ts';
import { settled } from './settled.ts';
import { Listening } from './listening.ts';
import { createSweeper } from './sweeper.ts';
import { eraseCase } from './db/erase.ts';
import { tidy } from './tidy.ts';
import { UnsweptEvents } from './unswept-events.ts';

/** The event that says that a Case has something to sync. */
export const SYNC_REQUESTED = '/event/Case_Sync_Requested__e';

/** The counter of the events that Salesforce has delivered: each counts toward the daily allowance of the org. */
const DELIVERIES = 'eventDeliveries';

const MIGRATIONS = fileURLToPath(new URL('db/migrations', import.meta.url));

/** Both sides, as the flow speaks with them. */
export interface Ports {
  salesforce: SalesforcePort;
  external: ExternalPort;
  /** Listens to Salesforce's events until the signal is aborted. Absent: the flow only polls. */
  stream?: (events: StreamEvents, signal: AbortSignal) => Promise<void>;
}

/** What a stream tells the flow. */
export interface StreamEvents {
  lastReplayId: (channel: string) => Promise<number | null>;
  /** So many events came, up to this replay id, or (null) some may have been missed: a sweep is due. */
  arrived: (channel: string, replayId: number | null, deliveries: number) => Promise<void>;
}

/** The flow between the given ports. */
export const casesBetween = (ports: Ports): FlowParts => ({
  name: CASES,
  migrations: MIGRATIONS,
  sending: ({ salesforceLingerMs, externalLanes }) => ({
    // one call after the other: two that meet would wait for each other's row locks
    salesforce: { gatherMs: salesforceLingerMs },
    external: { lanes: externalLanes },
  }),
  open: (context, view) => {
    const { salesforce, external, stream } = ports;
    const events = new UnsweptEvents();
    const listening = new Listening();
    const sweeper = createSweeper(context, salesforce, view.circuitOf('external'), events, listening, view.onQueued);
    return {
      targets: {
        external: deliverToExternal(context, external),
        salesforce: deliverToSalesforce(context, salesforce),
      },
      sources: [sweeper],
      ...(stream
        ? {
            listen: (signal) =>
              listening.during(signal, (until) =>
                stream(
                  {
                    lastReplayId: (channel) => readReplayId(context.db, CASES, channel),
                    // the replay id is stored once the sweep that it asks for is done
                    arrived: async (channel, replayId, deliveries) => {
                      if (replayId !== null) events.note({ channel, replayId });
                      if (deliveries > 0) await addToCounter(context.db, CASES, DELIVERIES, deliveries);
                      await sweeper.wake();
                      view.onDue();
                    },
                  },
                  until,
                ),
              ),
          }
        : {}),
      routes: {
        'POST /v1/messages': {
          role: 'external',
          handle: postMessages(context, view.onQueued),
          mostBytes: LARGE_BODY_BYTES,
        },
        'POST /v1/intake': {
          role: 'intake',
          handle: postIntake(context, view.onQueued),
          mostBytes: LARGE_BODY_BYTES,
        },
        'GET /v1/conflicts': { role: 'operator', handle: getConflicts(context) },
      },
      settled: settled(context),
      retry: {
        one: (letter) => retryDeadLetter(context, salesforce, letter),
        many: (letters) => retryDeadLetters(context, salesforce, letters),
      },
      tidy: () => tidy(context),
      erase: eraseCase,
      readiness: () => readiness(context),
      status: () => status(context),
    };
  },
});

const status = async ({ db, settings }: FlowContext): Promise<Record<string, unknown>> => {
  const { org_id: orgId, fields, swept_at: lastAt, next_sweep_at: nextAt } = await readSweepState(db);
  return {
    orgId,
    swept: { lastAt, nextAt },
    fields: fields.map(({ name, owner, type }) => ({ name, owner, readable: type !== null })),
    intakes: { overdue: await countOverdueIntakes(db, settings.maxAttempts) },
  };
};

const streamOver = ({ rest, streamTransport, clock, random, log, settings }: Reach): Pick<Ports, 'stream'> => {
  if (!streamTransport) return {};
  const channel = SYNC_REQUESTED;
  return {
    stream: (events, signal) =>
      runStream(
        {
          rest,
          transport: streamTransport,
          channel,
          lastReplayId: () => events.lastReplayId(channel),
          onEvents: (replayId, deliveries) => events.arrived(channel, replayId, deliveries),
          clock,
          random,
          backoff: settings.outage,
          log,
        },
        signal,
      ),
  };
};

export const cases: CarriedFlow = {
  name: CASES,
  migrations: MIGRATIONS,
  over: (reach) =>
    casesBetween({
      salesforce: httpSalesforce(reach.rest, reach.clock, reach.log),
      external: httpReceiver(reach.external, reach.transport, reach.clock),
      ...streamOver(reach),
    }),
};
