import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut, go silent, or cut as soon as the client says something. */
export interface TcpProxy {
  port: number;
  /** `silent`: bytes are taken and go nowhere, nothing is closed. `closed`: nothing answers at the port. */
  mode: 'open' | 'silent' | 'closed';
  /** Closes the connection whose client says this, after the server was told and before its answer is passed on. */
  cutAnswerTo: RegExp | null;
  /** Resets every connection that is open now. */
  cut(): void;
  close(): Promise<void>;
}

export const tcpProxy = async (targetPort: number): Promise<TcpProxy> => {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((client) => {
    if (proxy.mode === 'closed') return void client.resetAndDestroy();
    const target = connect(targetPort, '127.0.0.1');
    const pair: [Socket, Socket] = [client, target];
    pairs.add(pair);
    let muted = false;
    client.on('data', (bytes) => {
      if (proxy.mode === 'silent') return;
      if (proxy.cutAnswerTo?.test(bytes.toString('latin1'))) {
        proxy.cutAnswerTo = null;
        muted = true;
        // long enough for the server to act, and to answer into the void
        setTimeout(() => {
          client.resetAndDestroy();
          target.destroy();
        }, 200);
      }
      target.write(bytes);
    });
    target.on('data', (bytes) => {
      if (proxy.mode !== 'silent' && !muted) client.write(bytes);
    });
    for (const [from, to] of [pair, [target, client] as const]) {
      from.on('error', () => {});
      from.on('close', () => {
        pairs.delete(pair);
        if (proxy.mode !== 'silent') to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    mode: 'open',
    cutAnswerTo: null,
    cut() {
      for (const [client, target] of pairs) {
        client.resetAndDestroy();
        target.destroy();
      }
    },
    async close() {
      proxy.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
};
