/**
 * A fixture is a folder: `*.cls`, `*.trigger` and `*.apex` are compiled; `diagnostics.txt` has what
 * the compiler says (none when it is missing); `run.apex` is run, and `output.txt` has what it
 * logs. `rows.json` answers queries by their text.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileUnits, shown, unit } from './compile-text.ts';
import { runScript, TestRuntime } from './test-runtime.ts';
import type { Rows } from './test-runtime.ts';

const SOURCES = /\.(cls|trigger|apex)$/;

export interface Outcome {
  diagnostics: string[];
  output: string[];
}

const lines = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);

export function expectedOutcome(folder: string): Outcome {
  return { diagnostics: lines(join(folder, 'diagnostics.txt')), output: lines(join(folder, 'output.txt')) };
}

/** API version of a fixture's units: a first line `// api 67` in any of them sets it. */
function apiVersion(texts: string[]): number {
  return Number(texts.map((text) => /^\/\/ api (\d+)/.exec(text)?.[1]).find((version) => version !== undefined) ?? 66);
}

export function actualOutcome(folder: string): Outcome {
  const files = readdirSync(folder)
    .filter((file) => SOURCES.test(file))
    .sort();
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  const version = apiVersion(texts);
  const output = compileUnits(files.map((file, i) => unit(file, texts[i]!, version)));
  const script = output.modules.find((module) => module.path === 'run.apex');
  if (script === undefined) return { diagnostics: shown(output), output: [] };
  const rows = join(folder, 'rows.json');
  const runtime = new TestRuntime(
    output.modules,
    existsSync(rows) ? (JSON.parse(readFileSync(rows, 'utf8')) as Rows) : {},
  );
  runScript(runtime, script);
  return { diagnostics: shown(output), output: runtime.log.flatMap((line) => line.split('\n')) };
}
