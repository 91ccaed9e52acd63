/**
 * Parsed Apex kept between starts: parsing is by far the slowest step of one. A unit is found by the hash of its text
 * and of the parser, so projects may share a folder, and each parses only what nobody parsed before.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, type ParsedUnit } from './compiler/index.ts';
import type { SourceUnit } from './compiler/types.ts';

export interface ParseCache {
  parse(unit: SourceUnit): ParsedUnit;
  /** Writes down what was newly parsed. Where nothing can be written, all is parsed at each start. */
  save(): void;
}

const FOLDER = join('.local-org', 'parsed-apex');
const PARSER_SOURCE = fileURLToPath(new URL('./compiler/1-parse', import.meta.url));
/** An entry this old is dropped when others are written; a unit that is still in use is parsed once more. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const sha256 = (...texts: string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('base64url');
};

/** Hash of the parser's own source: entries of another parser are never found. */
const parserVersion = (): string =>
  sha256(
    ...readdirSync(PARSER_SOURCE, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[jt]s$/.test(name))
      .sort()
      .map((name) => readFileSync(join(PARSER_SOURCE, name), 'utf8')),
  );

/** The directory under which parsed Apex is kept: as asked for, else that of LOCAL_ORG_CACHE_DIR, else the project. */
export const parseCacheDir = ({ cacheDir, projectDir }: { cacheDir?: string; projectDir: string }): string =>
  cacheDir ?? (process.env.LOCAL_ORG_CACHE_DIR || projectDir);

/** `directory`: where a folder `.local-org` is, or is made, for the entries. */
export const openParseCache = (directory: string): ParseCache => {
  const folder = join(directory, FOLDER);
  const parser = parserVersion();
  const known = new Map<string, ParsedUnit>();
  const unsaved = new Map<string, ParsedUnit>();
  return {
    parse: (unit) => {
      const key = sha256(parser, unit.kind, unit.text);
      let parsed = known.get(key) ?? readEntry(folder, key);
      if (parsed === null) {
        parsed = parse(unit.kind, unit.text);
        unsaved.set(key, parsed);
      }
      known.set(key, parsed);
      return parsed;
    },
    save: () => {
      if (unsaved.size > 0) writeEntries(folder, unsaved);
      unsaved.clear();
    },
  };
};

const entryPath = (folder: string, key: string): string => join(folder, `${key}.json`);

const readEntry = (folder: string, key: string): ParsedUnit | null => {
  try {
    return JSON.parse(readFileSync(entryPath(folder, key), 'utf8')) as ParsedUnit;
  } catch {
    // No entry, or none that can be read: the unit is parsed.
    return null;
  }
};

const writeEntries = (folder: string, units: ReadonlyMap<string, ParsedUnit>): void => {
  try {
    mkdirSync(folder, { recursive: true });
    dropOld(folder);
    for (const [key, parsed] of units) {
      // Several orgs may start at once: none must see half a file.
      const draft = join(folder, `${key}.${process.pid}.${Math.trunc(performance.now() * 1000)}`);
      writeFileSync(draft, JSON.stringify(parsed));
      renameSync(draft, entryPath(folder, key));
    }
  } catch {
    // What cannot be written is parsed again at each start.
  }
};

const dropOld = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (written !== undefined && written < Date.now() - KEPT_MS) rmSync(path, { force: true });
  }
};
