/** The thread of an org service: the org, its HTTP servers, and the loop that runs what is due. */
import { parentPort, workerData } from 'node:worker_threads';
import { runService } from './service/run-service.ts';
import type { ServiceOptions } from './service/options.ts';

const port = parentPort;
if (port === null) throw new Error('service-worker.ts runs as a worker thread: use startOrgService()');

try {
  const service = await runService(workerData as ServiceOptions, (event, detail) =>
    port.postMessage({ kind: 'log', event, detail }),
  );
  port.on('message', (message: { kind: string }) => {
    if (message.kind === 'stop') {
      void service.stop().then(
        () => port.postMessage({ kind: 'stopped' }),
        (error: unknown) => port.postMessage({ kind: 'failed', message: String(error) }),
      );
    }
  });
  port.postMessage({ kind: 'ready', started: service.started });
} catch (error) {
  port.postMessage({
    kind: 'failed',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
