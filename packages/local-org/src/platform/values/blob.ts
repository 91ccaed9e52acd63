/** Blob: bytes. */
import { made } from './made.ts';

export class ApexBlob {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    made(bytes.length);
  }

  static fromString(text: string): ApexBlob {
    return new ApexBlob(new TextEncoder().encode(text));
  }

  /** The bytes as UTF-8, or null when they are not UTF-8. */
  text(): string | null {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes);
    } catch {
      return null;
    }
  }

  toBase64(): string {
    return Buffer.from(this.bytes).toString('base64');
  }

  /** `Blob[5]`, as debug logs show it. */
  toString(): string {
    return `Blob[${this.bytes.length}]`;
  }
}
