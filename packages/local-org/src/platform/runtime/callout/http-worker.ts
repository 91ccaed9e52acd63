/** The thread that exchanges one callout at a time for the sleeping org. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { workerData, type MessagePort } from 'node:worker_threads';
import type { CalloutRequest, CalloutResponse } from '../../services.ts';
import type { WorkerReply } from './blocking-http.ts';

const { port, signal } = workerData as { port: MessagePort; signal: Int32Array };
const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };

const readResponse = (message: IncomingMessage): Promise<CalloutResponse> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('error', reject);
    message.on('end', () => {
      const headers: Record<string, string> = {};
      // Raw headers keep the sender's spelling, which HttpResponse.getHeaderKeys shows.
      for (let i = 0; i + 1 < message.rawHeaders.length; i += 2)
        headers[message.rawHeaders[i]!] = message.rawHeaders[i + 1]!;
      resolve({
        status: message.statusCode ?? 0,
        statusText: message.statusMessage ?? '',
        headers,
        body: Buffer.concat(chunks),
      });
    });
  });

const exchange = (callout: CalloutRequest): Promise<CalloutResponse> =>
  new Promise((resolve, reject) => {
    const url = new URL(callout.endpoint);
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new Error(`Invalid endpoint protocol: ${url.protocol}`);
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const headers: Record<string, string | number> = { ...callout.headers };
    if (callout.body.length > 0) headers['Content-Length'] = callout.body.length;
    const request = send(url, { method: callout.method, headers, agent: agents[url.protocol] }, (message) => {
      readResponse(message)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
    const timer = setTimeout(() => request.destroy(new Error('Read timed out')), callout.timeout);
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(callout.body);
  });

/** Failures in the words of the platform. */
const failureText = (error: unknown, endpoint: string): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'Connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `Unknown host: ${new URL(endpoint).hostname}`;
  if (code === 'ECONNRESET') return 'Connection reset';
  return message;
};

port.on('message', (callout: CalloutRequest) => {
  exchange(callout)
    .then(
      (response): WorkerReply => ({ response }),
      (error: unknown): WorkerReply => ({ failure: failureText(error, callout.endpoint) }),
    )
    .then((reply) => {
      port.postMessage(reply);
      Atomics.store(signal, 0, 1);
      Atomics.notify(signal, 0);
    })
    .catch((error: unknown) => {
      throw error;
    });
});
