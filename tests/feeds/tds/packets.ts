/** Messages of TDS, [MS-TDS] 2.2.3: packets of at most 4096 bytes behind a header of 8. */
import type { Socket } from 'node:net';

export const BATCH = 0x01;
export const RPC = 0x03;
export const RESPONSE = 0x04;
export const ATTENTION = 0x06;
export const LOGIN7 = 0x10;
export const PRELOGIN = 0x12;

export interface Message {
  type: number;
  body: Buffer;
}

const HEADER = 8;
const PACKET = 4096;
const END_OF_MESSAGE = 0x01;
const IGNORE = 0x02;

/** Puts packets together into messages; a message that its sender took back is left out. */
export class MessageReader {
  #bytes = Buffer.alloc(0);
  #parts: Buffer[] = [];

  add(bytes: Buffer): Message[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const messages: Message[] = [];
    while (this.#bytes.length >= HEADER && this.#bytes.length >= this.#bytes.readUInt16BE(2)) {
      const length = this.#bytes.readUInt16BE(2);
      const [type, status] = [this.#bytes[0]!, this.#bytes[1]!];
      this.#parts.push(this.#bytes.subarray(HEADER, length));
      this.#bytes = this.#bytes.subarray(length);
      if ((status & END_OF_MESSAGE) === 0) continue;
      // the sender waits for an answer to what it took back too
      if ((status & IGNORE) === 0) messages.push({ type, body: Buffer.concat(this.#parts) });
      else messages.push({ type: BATCH, body: Buffer.alloc(0) });
      this.#parts = [];
    }
    return messages;
  }
}

/** Writes one answer; waits while the other side does not read, so that the front is never ahead of it. */
export class Answer {
  readonly #socket: Socket;
  #waiting: Buffer[] = [];
  #size = 0;
  #packet = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  async add(...tokens: Buffer[]): Promise<void> {
    for (const token of tokens) {
      this.#waiting.push(token);
      this.#size += token.length;
    }
    if (this.#size < PACKET - HEADER) return;
    let bytes = Buffer.concat(this.#waiting);
    while (bytes.length > PACKET - HEADER) {
      await this.#write(bytes.subarray(0, PACKET - HEADER), 0);
      bytes = bytes.subarray(PACKET - HEADER);
    }
    this.#waiting = [bytes];
    this.#size = bytes.length;
  }

  async end(...tokens: Buffer[]): Promise<void> {
    await this.add(...tokens);
    await this.#write(Buffer.concat(this.#waiting), END_OF_MESSAGE);
  }

  async #write(body: Buffer, status: number): Promise<void> {
    const header = Buffer.alloc(HEADER);
    header[0] = RESPONSE;
    header[1] = status;
    header.writeUInt16BE(body.length + HEADER, 2);
    header[6] = ++this.#packet & 0xff;
    if (this.#socket.destroyed || this.#socket.write(Buffer.concat([header, body]))) return;
    await new Promise<void>((resolve) => {
      const on = (): void => {
        this.#socket.off('drain', on).off('close', on);
        resolve();
      };
      this.#socket.on('drain', on).on('close', on);
    });
  }
}
