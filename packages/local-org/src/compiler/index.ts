export { compile } from './compile.ts';
export type { CompileOptions } from './compile.ts';
export { parse } from './1-parse/parse.ts';
export type { ParsedUnit } from './1-parse/parse.ts';
