/** Compiles texts against the real catalogue and the small schema. */
import { readFileSync } from 'node:fs';
import { compile } from '../../../src/compiler/index.ts';
import type { CompileOptions } from '../../../src/compiler/index.ts';
import type { CompileOutput, SourceUnit, TypeCatalogue } from '../../../src/compiler/types.ts';
import { supportedMembers } from '../../../src/platform/std/index.ts';
import { schema } from './schema.ts';

const CATALOGUE = new URL('../../../src/compiler/generated/type-catalogue.json', import.meta.url);

export const catalogue = JSON.parse(readFileSync(CATALOGUE, 'utf8')) as TypeCatalogue;

const KINDS: Record<string, SourceUnit['kind']> = { cls: 'class', trigger: 'trigger', apex: 'anonymous' };

/** A unit from a file's name and text. */
export function unit(file: string, text: string, apiVersion = 66): SourceUnit {
  const [name, extension] = file.split('.') as [string, string];
  const kind = KINDS[extension]!;
  return { kind, name: kind === 'anonymous' ? 'anonymous' : name, path: file, text, apiVersion };
}

export function compileUnits(units: SourceUnit[], options: CompileOptions = {}): CompileOutput {
  return compile({ units, catalogue, schema, supported: supportedMembers() }, options);
}

/** `{ 'Foo.cls': '…' }` */
export function compileTexts(files: Record<string, string>, options: CompileOptions = {}): CompileOutput {
  return compileUnits(
    Object.entries(files).map(([file, text]) => unit(file, text)),
    options,
  );
}

/** `Foo.cls:3:5 Variable does not exist: x` */
export function shown(output: CompileOutput): string[] {
  return output.diagnostics.map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`);
}
