/** What the rest of the world sees of a local org: see index.ts, createOrg(). */
import type { Clock } from 'kernel/clock.ts';
import type { Door, HttpRequest, HttpResponse } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import type { Diagnostic } from './compiler/types.ts';
import type { AnonymousResult, ClassCoverage, InjectedFault, TestOutcome } from './platform/runtime/outcomes.ts';

export type { AnonymousResult as ExecuteAnonymousResult, ClassCoverage, InjectedFault, TestOutcome as ApexTestOutcome };

export interface OrgOptions {
  /** Root of an SFDX project: its sfdx-project.json names the package directories. */
  projectDir: string;
  clock: Clock;
  random: Random;
  /** A file to persist to; in memory when absent. */
  data?: string;
  /** Where a Named Credential leads on this machine: `{ Billing: 'http://127.0.0.1:4000' }`. */
  namedCredentials?: Record<string, string>;
  /** Carries an Apex callout and blocks until the answer is there. Default: a worker thread with keep-alive. Rejected callouts throw CalloutException in Apex. */
  callout?: (request: HttpRequest) => HttpResponse;
  /** Structured log lines of the org itself (never record values). */
  log?: (event: string, detail: Record<string, unknown>) => void;
  username?: string;
  /** Connected apps (External Client Apps) that may ask for tokens. */
  connectedApps?: ConnectedApp[];
  /** Username to password, for SOAP login. */
  passwords?: Record<string, string>;
  /** API requests in 24 hours before REQUEST_LIMIT_EXCEEDED; default 15,000. */
  dailyApiRequests?: number;
  /**
   * Rows that an object is taken to have, by name: `{ Case: 50_000_000 }`. The rows that are there are taken for a sample of
   * them. A query that no index serves is refused as Salesforce would: in a trigger as non-selective, elsewhere by a timeout.
   */
  sizes?: Record<string, number>;
  /** Where parsed and compiled Apex is kept between starts; default: where LOCAL_ORG_CACHE_DIR says, else beside the project. */
  cacheDir?: string;
  /** Counts which lines of Apex run, in tests or not: see `takeCoverage`. It costs time. */
  coverage?: boolean;
  /** Makes the org one of production: deployments of Apex run its tests, which have to cover what production asks for. */
  production?: boolean;
  /** Makes the org a Dev Hub. */
  devHub?: DevHubOptions;
  /** Makes the org a scratch org. */
  scratch?: ScratchSignup;
}

/** What an org needs to be a Dev Hub. */
export interface DevHubOptions {
  /** Brings a scratch org to life; rejects when it cannot be started. */
  start(signup: ScratchSignup): Promise<StartedScratchOrg>;
  /** Scratch orgs that may live at a time; default 3, as in a Developer Edition org. */
  maxActive?: number;
  /** Signups in 24 hours; default 6. */
  maxDaily?: number;
}

/** What a scratch org is made with. */
export interface ScratchSignup {
  /** Of its administrator. */
  username: string;
  orgName: string;
  edition: string;
  adminEmail: string | null;
  country: string | null;
  language: string | null;
  /** Epoch milliseconds. */
  expiresAt: number;
  authorization: Authorization;
  connectedApps: ConnectedApp[];
}

export interface StartedScratchOrg {
  orgId: string;
  instanceUrl: string;
  stop(): Promise<void>;
}

/** A code that a client may exchange for a session, once. */
export interface Authorization {
  code: string;
  consumerKey: string;
  callbackUrl: string;
  username: string;
}

/** A registered OAuth client. */
export interface ConnectedApp {
  consumerKey: string;
  consumerSecret?: string;
  /** PEM of the certificate or public key that verifies its JWTs (RS256). */
  certificate?: string;
  /** Usernames it may act for; everyone when absent. */
  allowedUsers?: string[];
  /** Username that client_credentials runs as. */
  runAs?: string;
}

export interface OrgInfo {
  orgId: string;
  userId: string;
  username: string;
  accessToken: string;
}

export interface ApexTestRun {
  outcomes: TestOutcome[];
  /** Milliseconds. */
  totalTime: number;
  coverage?: ClassCoverage[];
}

export interface Org {
  info: OrgInfo;
  /** Everything the org could not compile, all files. Classes without errors run all the same. */
  diagnostics: Diagnostic[];
  /** Judges requests by their heads: sessions, and the sizes that Salesforce takes. */
  door: Door;
  /** Serves one API request. Only a CometD long poll waits; everything else is done when the promise is made. */
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Runs all async Apex and schedules that are due at the clock's now, in order; returns how many jobs ran. */
  runDue(): number;
  /** When the next async job or schedule is due, in epoch milliseconds, or null. */
  nextDue(): number | null;
  executeAnonymous(apex: string): AnonymousResult;
  runTests(options?: { classNames?: string[]; coverage?: boolean }): ApexTestRun;
  /** Lines of the project's classes and triggers that have run since the last call, in this org and its copies. Nothing, unless the org was made to count them. */
  takeCoverage(): ClassCoverage[];
  /** Faults that only a local org can show: the next `count` saves of `object` fail with `code` (UNABLE_TO_LOCK_ROW …) or go past the triggers, requests answer with an error, or published events never arrive. */
  injectFault(fault: InjectedFault): void;
  /** None of the injected faults strikes any more. How many of them could still have struck. */
  clearFaults(): number;
  /**
   * Another transaction is taken to hold the rows for so many milliseconds of the clock: saves of them, saves that lock
   * them as masters, and queries FOR UPDATE that would wait more than ten seconds fail with UNABLE_TO_LOCK_ROW.
   */
  holdRows(ids: string[], ms: number): void;
  /** It lets go of all rows. */
  releaseRows(): void;
  /**
   * The org's records are those of a backup, and up to `count` of each object were made after it: their ids are not given
   * again. Salesforce gives an id once, whatever was restored.
   */
  skipIds(count: number): void;
  /** Takes objects to have so many rows from now on: see OrgOptions. */
  takeSizes(sizes: Record<string, number>): void;
  /** Where a Named Credential leads from now on. */
  setNamedCredential(name: string, url: string): void;
  close(): void;
}
