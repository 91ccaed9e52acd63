/**
 * What the parts of the runtime need of `$`, as interfaces: DML, queries, events and asynchronous work take one
 * of these, and runtime.ts, which knows all of them, implements it.
 */
import type { TriggerHost } from '../../store/types.ts';
import type { AccessMode, Services, TestSupport } from '../services.ts';
import type { Apex, Runtime, TriggerContext } from '../types.ts';
import type { ApexException, SObject } from '../values/index.ts';
import type { LoadedModule } from './program.ts';
import type { ApexTransaction } from './transaction.ts';

/** What all views of one transaction's runtime share. */
export interface CoreView {
  readonly transaction: ApexTransaction;
  readonly systemView: RuntimeView;
  /** Set while an Apex test runs. */
  readonly test: TestSupport | null;
  /** Custom metadata that was read. */
  readonly setupCache: Map<string, SObject[]>;
  /** Runs the body of a @future method, which a call would only put into the queue. */
  runFutureBody(className: string, member: string, args: Apex[]): void;
}

/** `$` as the runtime's own parts see it. */
export interface RuntimeView extends Runtime {
  readonly core: CoreView;
  readonly transaction: ApexTransaction;
  readonly defaultAccess: AccessMode;
  readonly services: Services;
  readonly triggerHost: TriggerHost;
  trigger: TriggerContext;
  /** The exception itself when Apex may catch it, else null. */
  asApexException(error: unknown): ApexException | null;
  /** A constant of a platform or user enum. */
  enumConstant(type: string, name: string): Apex;
  /** `new T()` of a user class, as emitted code makes it. */
  construct(name: string): Apex;
  runTrigger(trigger: LoadedModule): void;
}
