import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const listen = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** A path for a socket that stands for the directory: short, whatever the directory's own length (sockets allow about 100 characters). */
const socketOf = (directory: string): string => {
  const name = `concord-${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
};

/**
 * Makes a data directory and claims it for this process: an embedded database that two processes write
 * is destroyed. The claim is a listening socket, so it ends with its process, however that ends. Returns
 * how to give it up.
 */
export const claimDirectory = async (directory: string): Promise<() => Promise<void>> => {
  await mkdir(directory, { recursive: true });
  const path = socketOf(await realpath(directory));
  for (let tries = 0; tries < 3; tries++) {
    try {
      const server = await listen(path);
      return () => new Promise((resolve) => server.close(() => resolve()));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (await answers(path)) break;
      await rm(path, { force: true }); // left by a process that was killed
    }
  }
  throw new Error(`${directory} is in use by another process: stop it, or give this one a directory of its own`);
};
