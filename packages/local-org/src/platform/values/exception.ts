/** Apex exceptions: the platform's own and the base of user-defined ones. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import type { ApexClassShape } from './object.ts';
import { spend } from './work.ts';

/** One frame of an Apex stack trace, innermost first. */
export interface ApexFrame {
  /** `Class.Outer.Inner.method`, `Trigger.Name`, `AnonymousBlock`. */
  location: string;
  line: number;
  column: number;
}

/** Of CPU time: the stack is written down. */
const STEPS_PER_EXCEPTION = 400;

/** What getMessage() says when nobody set a message. */
const DEFAULT_MESSAGE = 'Script-thrown exception';

/** A row of a DmlException or EmailException. */
export interface ExceptionRow {
  /** Position in the list that was saved. */
  index: number;
  id: string | null;
  code: string;
  message: string;
  fields: string[];
  /** The object that was saved. */
  object?: string;
}

/**
 * An exception in Apex. User exception classes extend it; the platform's own are made by
 * `apexException`. Emitted constructors call `super()`, `super(message)`, `super(cause)` or
 * `super(message, cause)`, as the four constructors every Apex exception has.
 */
export class ApexException {
  message: string | null = null;
  cause: ApexException | null = null;
  /** Where JavaScript was when it was made; the runtime translates it to Apex lines. */
  stack?: string;
  /** The platform type's name; null for user-defined classes, which are named by their JavaScript class. */
  platformType: TypeRef | null = null;
  rows: ExceptionRow[] = [];
  /** Further data of particular types (inaccessible fields of a QueryException …). */
  detail: Record<string, Apex> = {};

  constructor(first?: string | ApexException | null, second?: ApexException | null) {
    if (first instanceof ApexException) this.cause = first;
    else if (typeof first === 'string') this.message = first;
    if (second instanceof ApexException) this.cause = second;
    spend(STEPS_PER_EXCEPTION);
    Error.captureStackTrace(this, new.target);
  }

  get apexType(): TypeRef {
    return this.platformType ?? (this.constructor as ApexClassShape).apexName ?? 'Exception';
  }

  /** Whether a catch statement may take it. Page "Exception Statements": failed assertions stop everything. */
  get catchable(): boolean {
    return this.platformType !== 'AssertException';
  }

  /** Exception.getTypeName(): `System.DmlException`, `Outer.Inner`. */
  typeName(): string {
    if (this.platformType === null) return this.apexType;
    return this.platformType.includes('.') ? this.platformType : `System.${this.platformType}`;
  }

  text(): string {
    return this.message ?? DEFAULT_MESSAGE;
  }

  /** `System.DmlException: Insert failed. …`, as debug logs and unhandled errors show it. */
  toText(): string {
    return `${this.typeName()}: ${this.text()}`;
  }
}

/** An exception of a platform type, by its catalogue name: `NullPointerException`. */
export const apexException = (
  type: TypeRef,
  message: string | null = null,
  cause: ApexException | null = null,
): ApexException => {
  const exception = new ApexException(message, cause);
  exception.platformType = type;
  Error.captureStackTrace(exception, apexException);
  return exception;
};
