import type { Diagnostic } from '../src/compiler/types.ts';

/** `force-app/…/A.cls:3:14: …`, one line each. */
export const diagnosticLines = (
  diagnostics: readonly Pick<Diagnostic, 'path' | 'line' | 'column' | 'message'>[],
): string => diagnostics.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}\n`).join('');
