import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';

/** A port that is free now: two parts must know each other's address before either serves. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

export const urlAt = (port: number): string => `http://127.0.0.1:${port}`;

export const secret = (): string => randomBytes(24).toString('hex');
