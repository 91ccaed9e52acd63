/**
 * HTTP that blocks: Apex waits for its callouts, so the org's thread sleeps while a worker does the
 * exchange over keep-alive connections. Whoever answers must not live in the same thread.
 */
import { STATUS_CODES } from 'node:http';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { CalloutRequest, CalloutResponse } from '../../services.ts';
import { CalloutFailure } from './failure.ts';

/** What the worker answers: the response, or why there is none. */
export type WorkerReply = { response: CalloutResponse } | { failure: string };

/** Milliseconds the worker has to report its own timeout before it is given up. */
const GRACE_MS = 5_000;

export interface BlockingHttp {
  (request: CalloutRequest): CalloutResponse;
  close(): void;
}

/** A transport over real sockets. Its worker starts with the first callout. */
export const blockingHttp = (): BlockingHttp => {
  let started: { worker: Worker; port: MessagePort; signal: Int32Array } | null = null;

  const start = (): NonNullable<typeof started> => {
    const signal = new Int32Array(new SharedArrayBuffer(4));
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL('./http-worker.ts', import.meta.url), {
      workerData: { port: port2, signal },
      transferList: [port2],
    });
    worker.unref();
    return { worker, port: port1, signal };
  };

  const stop = (): void => {
    void started?.worker.terminate();
    started?.port.close();
    started = null;
  };

  const send = (request: CalloutRequest): CalloutResponse => {
    started ??= start();
    const { port, signal } = started;
    Atomics.store(signal, 0, 0);
    port.postMessage(request);
    if (Atomics.wait(signal, 0, 0, request.timeout + GRACE_MS) === 'timed-out') {
      // The late answer must not be taken for the next request's.
      stop();
      throw new CalloutFailure('Read timed out');
    }
    const reply = receiveMessageOnPort(port)!.message as WorkerReply;
    if ('failure' in reply) throw new CalloutFailure(reply.failure);
    const { response } = reply;
    return { ...response, statusText: response.statusText || (STATUS_CODES[response.status] ?? '') };
  };
  return Object.assign(send, { close: stop });
};
