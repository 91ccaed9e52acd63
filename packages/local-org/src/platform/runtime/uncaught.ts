/** What the platform says about errors that nobody caught. */
import type { ApexFrame } from '../values/index.ts';
import { ApexException } from '../values/index.ts';
import { LimitExceeded } from './governor.ts';
import { STACK_DEPTH } from './limits.ts';
import type { Program } from './program.ts';
import { apexFrames, formatFrames } from './stack.ts';

export interface UncaughtError {
  /** `System.NullPointerException`, `MyException`. */
  type: string;
  message: string;
  /** `type: message`. */
  text: string;
  /** `Class.Foo.bar: line 3, column 1`, one frame a line. */
  stack: string;
  frames: ApexFrame[];
}

/** Describes any error that left Apex: exceptions, limits, and faults of the local org itself. */
export const describeUncaught = (program: Program, error: unknown): UncaughtError => {
  const frames = apexFrames((error as { stack?: string } | null)?.stack, program);
  const { type, message } = nameOf(error);
  return { type, message, text: `${type}: ${message}`, stack: formatFrames(frames), frames };
};

const nameOf = (error: unknown): { type: string; message: string } => {
  if (error instanceof ApexException) return { type: error.typeName(), message: error.text() };
  if (error instanceof LimitExceeded) return { type: 'System.LimitException', message: error.message };
  const limit = engineLimit(error);
  if (limit !== null) return { type: 'System.LimitException', message: limit.message };
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'System.UnexpectedException', message: `The local org failed: ${message}` };
};

/** Values that JavaScript cannot make because of their size. */
const TOO_LARGE =
  /^(Invalid (string|array|typed array) length|Maximum BigInt size exceeded|.*(Map|Set) maximum size|Array buffer allocation)/;

/** A limit of JavaScript that stands for one of Apex: recursion, and the size of values. Null for any other error. */
export const engineLimit = (error: unknown): LimitExceeded | null => {
  if (!(error instanceof RangeError)) return null;
  if (error.message.includes('call stack')) return new LimitExceeded(`Maximum stack depth reached: ${STACK_DEPTH + 1}`);
  return TOO_LARGE.test(error.message) ? new LimitExceeded(`Apex heap size too large: ${error.message}`) : null;
};
