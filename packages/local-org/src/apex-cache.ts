/**
 * Parsed and compiled Apex kept between starts: parsing and compiling are by far the slowest steps of one.
 *
 * A parsed unit is found by the hash of its text and of the parser. A compiled program is found by the hash of all that
 * the compiler is given (every unit, the catalogue, the schema, the members that are implemented, the options) and of
 * the compiler itself: when one class changes, the program is compiled again, of parsed units. Projects may share a folder.
 */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, parse, type ParsedUnit } from './compiler/index.ts';
import type { CompileInput, CompileOutput, SourceUnit } from './compiler/types.ts';
import { hashOfSources, KeptFiles, sha256 } from './kept-files.ts';

export interface ApexCache {
  parse(unit: SourceUnit): ParsedUnit;
  /** A program, compiled now or before. */
  compile(input: CompileInput, options: { coverage: boolean }): CompileOutput;
}

/** What a version of the compiler is made of, by which its results are told from those of another. */
export interface CompilerFiles {
  /** The folder of its source; the parser is in `1-parse`. */
  compiler: string;
  /** The package.json of each package that it is made of besides. */
  packages: readonly string[];
}

const FOLDER = '.local-org';
const OWN_FILES: CompilerFiles = {
  compiler: fileURLToPath(new URL('./compiler', import.meta.url)),
  packages: ['@apexdevtools/apex-parser', 'astring'].flatMap((name) => findPackageJSON(name, import.meta.url) ?? []),
};

/** The directory under which Apex is kept: as asked for, else that of LOCAL_ORG_CACHE_DIR, else the project. */
export const apexCacheDir = (
  { cacheDir, projectDir }: { cacheDir?: string; projectDir: string },
  environment: NodeJS.ProcessEnv = process.env,
): string => cacheDir ?? (environment.LOCAL_ORG_CACHE_DIR || projectDir);

/** `directory`: where a folder `.local-org` is, or is made, for the entries. */
export const openApexCache = (directory: string, files: CompilerFiles = OWN_FILES): ApexCache => {
  const versions = versionsOf(files);
  const parsedFiles = new KeptFiles<ParsedUnit>(join(directory, FOLDER, 'parsed-apex'));
  const compiledFiles = new KeptFiles<CompileOutput>(join(directory, FOLDER, 'compiled-apex'));
  const known = new Map<string, ParsedUnit>();
  const unsaved = new Map<string, ParsedUnit>();
  const parseUnit = (unit: SourceUnit): ParsedUnit => {
    const key = sha256(versions.parser, unit.kind, unit.text);
    let parsed = known.get(key) ?? parsedFiles.read(key);
    if (parsed === null) {
      parsed = parse(unit.kind, unit.text);
      unsaved.set(key, parsed);
    }
    known.set(key, parsed);
    return parsed;
  };
  const saveParsed = (): void => {
    parsedFiles.write(unsaved);
    unsaved.clear();
  };
  return {
    parse: parseUnit,
    compile: (input, options) => {
      const key = sha256(versions.compiler, givenText(input, options));
      const kept = compiledFiles.read(key);
      if (kept !== null) return kept;
      const output = compile(input, { ...options, parse: parseUnit });
      saveParsed();
      compiledFiles.write(new Map([[key, output]]));
      return output;
    },
  };
};

/** All that a result depends on besides the compiler itself. */
const givenText = ({ supported, ...input }: CompileInput, options: { coverage: boolean }): string =>
  JSON.stringify({ ...input, ...options, supported: [...supported].sort() });

interface Versions {
  parser: string;
  compiler: string;
}

/** Looked up once in a process: the files of its own compiler do not change while it runs. */
const knownVersions = new WeakMap<CompilerFiles, Versions>();

const versionsOf = (files: CompilerFiles): Versions => {
  let versions = knownVersions.get(files);
  if (versions === undefined) {
    const packages = files.packages.map((path) => readFileSync(path, 'utf8'));
    versions = {
      parser: sha256(hashOfSources(join(files.compiler, '1-parse')), ...packages),
      compiler: sha256(hashOfSources(files.compiler), ...packages),
    };
    knownVersions.set(files, versions);
  }
  return versions;
};
