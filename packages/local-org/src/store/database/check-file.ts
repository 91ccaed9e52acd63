/**
 * Looks at an org's file before it is used. SQLite takes an empty file for a new database, and leaves out a damaged part
 * of the write-ahead log, and all after it, without a word: an org would start, and records be gone.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';

const MAGIC = 'SQLite format 3\0';
/** Sizes of the log's header and of that of a frame (sqlite.org, "WAL-mode File Format"). */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** The magic number of a log; its last bit says that checksums are over big-endian words. */
const LOG_MAGIC = 0x377f0682;

const damaged = (file: string, what: string): Error =>
  new Error(
    `${file} is damaged: ${what}. Nothing was changed; put a backup in its place, or name another file for a new org`,
  );

const beginningOf = (file: string): string => {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MAGIC.length);
    readSync(descriptor, bytes, 0, bytes.length, 0);
    return bytes.toString('latin1');
  } finally {
    closeSync(descriptor);
  }
};

/** Throws, in words for people, when `file` exists and is not the whole file of an org. Nobody else may be writing it. */
export const checkFile = (file: string): void => {
  const log = `${file}-wal`;
  const logBytes = existsSync(log) ? statSync(log).size : 0;
  if (!existsSync(file)) {
    if (logBytes > 0) throw damaged(file, `it is gone, and ${log} holds what was saved last`);
    return;
  }
  if (statSync(file).size === 0) throw damaged(file, 'it is empty, which the file of an org never is');
  if (beginningOf(file) !== MAGIC) throw new Error(`${file} is no file of an org: name another one`);
  if (logBytes > HEADER_BYTES) {
    const frame = firstDamagedFrame(readFileSync(log));
    if (frame !== null)
      throw damaged(
        file,
        `its log ${log} is not whole from entry ${frame} on, and records that were saved would be missing`,
      );
  }
};

type Sums = [number, number];

const sum = (bytes: Buffer, bigEndian: boolean, [first, second]: Sums): Sums => {
  let [a, b] = [first, second];
  const word = (at: number): number => (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + word(at) + b) >>> 0;
    b = (b + word(at + 4) + a) >>> 0;
  }
  return [a, b];
};

/**
 * The first frame (from 1) that is not whole although the log goes on after it, 0 for the header, or null. The log's last
 * writes may be incomplete, as a killed process leaves them, and what follows may be of an earlier round of the log, which
 * other salts tell.
 */
const firstDamagedFrame = (log: Buffer): number | null => {
  const magic = log.readUInt32BE(0);
  const bigEndian = (magic & 1) === 1;
  let sums = sum(log.subarray(0, 24), bigEndian, [0, 0]);
  const isHeaderWhole =
    (magic & ~1) >>> 0 === LOG_MAGIC && sums[0] === log.readUInt32BE(24) && sums[1] === log.readUInt32BE(28);
  if (!isHeaderWhole) return 0;
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  let damagedAt: number | null = null;
  let frame = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    frame += 1;
    const header = log.subarray(at, at + FRAME_HEADER_BYTES);
    if (damagedAt !== null) {
      if (header.subarray(8, 16).equals(salts)) return damagedAt;
      continue;
    }
    sums = sum(header.subarray(0, 8), bigEndian, sums);
    sums = sum(log.subarray(at + FRAME_HEADER_BYTES, at + frameBytes), bigEndian, sums);
    const isWhole =
      header.subarray(8, 16).equals(salts) &&
      sums[0] === header.readUInt32BE(16) &&
      sums[1] === header.readUInt32BE(20);
    if (!isWhole) damagedAt = frame;
  }
  return null;
};
