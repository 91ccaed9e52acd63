/** A local org as a service: in a thread of its own, so that its Apex may block on callouts to anything else in this process. */
import { Worker } from 'node:worker_threads';
import type { ServiceOptions, StartedService } from './service/options.ts';

export type { ServiceOptions, StartedService } from './service/options.ts';

export interface OrgService extends StartedService {
  stop(): Promise<void>;
}

type FromWorker =
  | { kind: 'ready'; started: StartedService }
  | { kind: 'failed'; message: string }
  | { kind: 'stopped' }
  | { kind: 'log'; event: string; detail: Record<string, unknown> };

/** Starts the service and resolves when it serves. `log` gets the org's structured log lines. */
export const startOrgService = (
  options: ServiceOptions,
  log: (event: string, detail: Record<string, unknown>) => void = () => {},
): Promise<OrgService> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./service-worker.ts', import.meta.url), { workerData: options });
    let stopped: (() => void) | null = null;
    const stop = (): Promise<void> =>
      new Promise((done) => {
        stopped = done;
        worker.postMessage({ kind: 'stop' });
      });
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'log') log(message.event, message.detail);
      else if (message.kind === 'ready') resolve({ ...message.started, stop });
      else if (message.kind === 'stopped') void worker.terminate().then(() => stopped?.());
      else {
        reject(new Error(`the org could not start: ${message.message}`));
        void worker.terminate();
      }
    });
    worker.on('error', (error) => {
      log('service.crashed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      reject(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => stopped?.());
  });
