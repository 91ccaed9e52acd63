/** Anonymous Apex: compiled, run in its own transaction, reported with its debug log. */
import type { CompiledModule, Diagnostic } from '../../../compiler/types.ts';
import { DebugLog } from '../debug-log.ts';
import type { OrgContext } from '../org-context.ts';
import type { AnonymousResult } from '../outcomes.ts';
import { loadModule } from '../program.ts';
import { runTransaction } from '../run-transaction.ts';
import { describeUncaught } from '../uncaught.ts';

/** The API version that anonymous Apex is compiled for: the newest the org speaks. */
export const ANONYMOUS_API_VERSION = 67;

/** What the compiler made of the text. */
export interface CompiledAnonymous {
  module: CompiledModule | null;
  diagnostics: Diagnostic[];
}

const NOWHERE = -1;
const SUCCESS = {
  compiled: true,
  success: true,
  line: NOWHERE,
  column: NOWHERE,
  compileProblem: null,
  exceptionMessage: null,
  exceptionStackTrace: null,
};

export const runAnonymous = (
  org: OrgContext,
  userId: string,
  { module, diagnostics }: CompiledAnonymous,
): AnonymousResult => {
  const log = new DebugLog(() => org.clock.now());
  log.event('EXECUTION_STARTED');
  if (module === null) {
    const error = diagnostics.find((diagnostic) => diagnostic.level === 'error');
    const { line, column, message } = error ?? { line: 1, column: 1, message: 'Unexpected compile error' };
    return { ...SUCCESS, compiled: false, success: false, line, column, compileProblem: message, log: '' };
  }
  const loaded = loadModule(module, ANONYMOUS_API_VERSION);
  const scoped: OrgContext = { ...org, program: org.program.with(loaded) };
  try {
    runTransaction(scoped, { userId, quiddity: 'ANONYMOUS', log }, (core) => {
      // Anonymous blocks run with the user's sharing. Page: "Anonymous Blocks".
      core.transaction.sharing = true;
      (loaded.factory(core.viewFor(loaded)) as () => void)();
    });
    log.event('EXECUTION_FINISHED');
    return { ...SUCCESS, log: log.text() };
  } catch (error) {
    const failure = describeUncaught(scoped.program, error);
    log.event('FATAL_ERROR', `${failure.text}\n\n${failure.stack}`);
    log.event('EXECUTION_FINISHED');
    const { line, column } = failure.frames[0] ?? { line: NOWHERE, column: NOWHERE };
    return {
      ...SUCCESS,
      success: false,
      line,
      column,
      exceptionMessage: failure.text,
      exceptionStackTrace: failure.stack,
      log: log.text(),
    };
  }
};
