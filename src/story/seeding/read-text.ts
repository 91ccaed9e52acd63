import { readFile } from 'node:fs/promises';
import { UnusableInput } from 'kernel/command-line.ts';

/** Byte order marks that say how a file is encoded (Unicode Standard, 23.8). */
const MARKS: readonly [string, readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

const markedAs = (bytes: Uint8Array): string | null =>
  MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0] ?? null;

/**
 * The text of an input file: in the encoding of its byte order mark, or in the one that the mapping names, else UTF-8.
 * Throws UnusableInput for a file that cannot be read, for an encoding that nobody knows, and for bytes that are no
 * text in it, naming the first place: a text that was read wrongly looks right and is not.
 */
export const readText = async (path: string, encoding: string | undefined): Promise<string> => {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UnusableInput(`input ${path} cannot be read (${error.code}); check the path after --input`);
  });
  const name = markedAs(bytes) ?? encoding ?? 'utf-8';
  const packed = PACKED.find(([, begins]) => begins.every((byte, index) => bytes[index] === byte));
  if (packed) throw new UnusableInput(`input ${path} is ${packed[0]}`);
  const decoder = decoderOf(name);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new UnusableInput(
      `input ${path} is not ${name}: ${placeOf(bytes, name)}; save it as UTF-8, or name its encoding in the mapping, for example "encoding": "windows-1252"`,
    );
  }
  if (/^[^\r\n]*\0/.test(text))
    throw new UnusableInput(
      `input ${path} has NUL characters in its first line: it is not ${name}; if it is UTF-16 without a byte order mark, say so in the mapping ("encoding": "utf-16le")`,
    );
  return text;
};

/** What people take for a CSV file, by how it begins, and the remedy. */
const PACKED: readonly [string, readonly number[]][] = [
  ['a workbook or a zip file, not a CSV file; export the sheet as CSV, or unpack it', [0x50, 0x4b, 0x03, 0x04]],
  ['a workbook of an old Excel, not a CSV file; export the sheet as CSV', [0xd0, 0xcf, 0x11, 0xe0]],
  ['compressed (gzip), not a CSV file; unpack it', [0x1f, 0x8b]],
];

const decoderOf = (name: string): InstanceType<typeof TextDecoder> => {
  try {
    return new TextDecoder(name, { fatal: true });
  } catch {
    throw new UnusableInput(
      `the mapping's encoding ${name} is not known; use utf-8, utf-16le, windows-1252, iso-8859-1, or another name of the Encoding Standard`,
    );
  }
};

const LINE_FEED = 0x0a;
/** What a decoder puts in the place of bytes that are no text. */
const REPLACEMENT = '\ufffd';

/** Where the bytes stop being text: lines that decode alone are right. */
const placeOf = (bytes: Uint8Array, name: string): string => {
  if (name !== 'utf-8') return 'its bytes are no text in this encoding';
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    const wrong = firstWrong(bytes.subarray(start, end));
    if (wrong !== null)
      return `byte ${wrong} of line ${line} is 0x${bytes[start + wrong - 1]!.toString(16).toUpperCase().padStart(2, '0')}`;
    start = end;
  }
  return 'it ends within a character';
};

/** The first byte of a line, from 1, that begins no character; null: it is text. */
const firstWrong = (line: Uint8Array): number | null => {
  const text = new TextDecoder('utf-8').decode(line);
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) {
    const place = Buffer.byteLength(text.slice(0, at));
    const isGenuine = line[place] === 0xef && line[place + 1] === 0xbf && line[place + 2] === 0xbd;
    if (!isGenuine) return place + 1;
  }
  return null;
};
