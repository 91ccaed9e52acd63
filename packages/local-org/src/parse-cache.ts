/**
 * Parsed Apex kept beside the project: parsing is by far the slowest step of a start. Entries are found
 * by the hash of their text, and all are void when the parser changes.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, type ParsedUnit } from './compiler/index.ts';
import type { SourceUnit } from './compiler/types.ts';

export interface ParseCache {
  parse(unit: SourceUnit): ParsedUnit;
  /** Writes down what was parsed again. A project that cannot be written to is parsed at each start. */
  save(): void;
}

interface CacheFile {
  /** Hash of the parser's own source. */
  parser: string;
  units: Record<string, ParsedUnit>;
}

const FOLDER = '.local-org';
const FILE = 'parsed-apex.json';
const PARSER_SOURCE = fileURLToPath(new URL('./compiler/1-parse', import.meta.url));

const sha256 = (...texts: string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('base64url');
};

const parserVersion = (): string =>
  sha256(
    ...readdirSync(PARSER_SOURCE, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[jt]s$/.test(name))
      .sort()
      .map((name) => readFileSync(join(PARSER_SOURCE, name), 'utf8')),
  );

export const openParseCache = (projectDir: string): ParseCache => {
  const path = join(projectDir, FOLDER, FILE);
  const parser = parserVersion();
  const known = readUnits(path, parser);
  const used = new Map<string, ParsedUnit>();
  let changed = false;
  return {
    parse: (unit) => {
      const key = sha256(unit.kind, unit.text);
      let parsed = used.get(key) ?? known.get(key);
      if (parsed === undefined) {
        parsed = parse(unit.kind, unit.text);
        changed = true;
      }
      used.set(key, parsed);
      return parsed;
    },
    save: () => {
      if (changed) writeUnits(path, { parser, units: Object.fromEntries(used) });
      changed = false;
    },
  };
};

const readUnits = (path: string, parser: string): Map<string, ParsedUnit> => {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as CacheFile;
    if (file.parser === parser) return new Map(Object.entries(file.units));
  } catch {
    // No cache, or none that can be read: everything is parsed.
  }
  return new Map();
};

const writeUnits = (path: string, file: CacheFile): void => {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    // Several orgs may start at once: none must see half a file.
    const draft = `${path}.${process.pid}.${Math.trunc(performance.now() * 1000)}`;
    writeFileSync(draft, JSON.stringify(file));
    renameSync(draft, path);
  } catch {
    // A read-only project is parsed again at each start.
  }
};
