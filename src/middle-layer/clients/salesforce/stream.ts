import type { Clock } from 'kernel/clock.ts';
import type { Transport } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import { pauseAfter, type Backoff } from '../../../shared/backoff.ts';
import type { Log } from '../../types.ts';
import { TargetUnavailable } from '../errors.ts';
import { BayeuxConnection, type Bayeux } from './bayeux.ts';
import type { IntegrationClient } from './integration-client.ts';

/** Streaming API Developer Guide, "Message Durability": only events from now on. */
const NEW_EVENTS = -1;
/** A server that does not hold connects must not be asked in a tight loop. */
const LEAST_POLL_MS = 1_000;
/** What Salesforce says of a replay id that is no longer retained, or never was. */
const INVALID_REPLAY = /^400.*replayId/i;

export interface StreamOptions {
  rest: IntegrationClient;
  /** A transport whose timeout is longer than the 110 s for which Salesforce holds a connect. */
  transport: Transport;
  channel: string;
  /** The newest replay id whose sweep is done, or null. */
  lastReplayId: () => Promise<number | null>;
  /** So many events were delivered, up to this replay id; null: some may have been missed. */
  onEvents: (replayId: number | null, deliveries: number) => Promise<void>;
  clock: Clock;
  random: Random;
  backoff: Backoff;
  log: Log;
}

/**
 * Listens to a platform event until the signal is aborted. It only wakes sweeps, so no trouble of it
 * matters: whatever goes wrong, it connects again after a pause.
 */
export const runStream = async (options: StreamOptions, signal: AbortSignal): Promise<void> => {
  const { clock, random, backoff, log, channel } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await listen(options, signal, () => (failures = 0));
      await clock.sleep(LEAST_POLL_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const pause = pauseAfter(failures, backoff, random);
      const known = error instanceof TargetUnavailable;
      log(known ? 'info' : 'error', 'stream ended', {
        channel,
        code: known ? error.code : 'UNEXPECTED',
        message: String(error),
        pauseMs: pause,
      });
      await clock.sleep(pause, signal).catch(() => {});
    }
  }
};

/** One connection: handshake, subscribe, connect again and again. Resolves when Salesforce asks for a new handshake. */
const listen = async (options: StreamOptions, signal: AbortSignal, onAlive: () => void): Promise<void> => {
  const { channel, onEvents, clock, log } = options;
  const connection = new BayeuxConnection(options.rest, options.transport);
  const handshake = await connection.send(
    {
      channel: '/meta/handshake',
      version: '1.0',
      minimumVersion: '1.0',
      supportedConnectionTypes: ['long-polling'],
      ext: { replay: true },
    },
    signal,
  );
  assertSuccess(handshake.answer);
  await subscribe(options, connection, signal);
  log('info', 'stream open', { channel });
  // whatever happened before this point may have been missed
  await onEvents(null, 0);
  while (!signal.aborted) {
    const asked = clock.now();
    const { answer, others } = await connection.send(
      { channel: '/meta/connect', connectionType: 'long-polling' },
      signal,
    );
    const replayIds = others.flatMap((event) => (event.channel === channel ? [event.data?.event?.replayId ?? 0] : []));
    if (replayIds.length) await onEvents(Math.max(...replayIds), replayIds.length);
    if (answer.advice?.reconnect === 'handshake') return;
    assertSuccess(answer);
    onAlive();
    const hurried = replayIds.length === 0 && clock.now() - asked < LEAST_POLL_MS;
    const pause = Math.max(answer.advice?.interval ?? 0, hurried ? LEAST_POLL_MS : 0);
    if (pause > 0) await clock.sleep(pause, signal);
  }
};

const subscribe = async (
  { channel, lastReplayId, log }: StreamOptions,
  connection: BayeuxConnection,
  signal: AbortSignal,
): Promise<void> => {
  const from = async (replayId: number): Promise<Bayeux> =>
    (
      await connection.send(
        { channel: '/meta/subscribe', subscription: channel, ext: { replay: { [channel]: replayId } } },
        signal,
      )
    ).answer;
  const stored = await lastReplayId();
  const answer = await from(stored ?? NEW_EVENTS);
  if (!answer.successful && stored !== null && INVALID_REPLAY.test(answer.error ?? '')) {
    log('warn', 'replay id expired', { channel, replayId: stored });
    assertSuccess(await from(NEW_EVENTS));
  } else assertSuccess(answer);
};

const assertSuccess = (answer: Bayeux): void => {
  if (answer.successful) return;
  const reason = answer.error ?? answer.ext?.sfdc?.failureReason ?? 'no reason given';
  throw new TargetUnavailable(
    `STREAM_${/^\d{3}/.exec(reason)?.[0] ?? 'FAILED'}`,
    `${answer.channel} failed: ${reason}`,
  );
};
