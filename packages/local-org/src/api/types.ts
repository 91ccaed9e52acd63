/** What the HTTP API needs of the org. `src/index.ts` implements it; tests may fake it. */
import type { Clock } from 'kernel/clock.ts';
import type { HttpRequest, HttpResponse } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import type { DeployOptions, DeployResult, ListedComponent } from '../deploy/types.ts';
import type {
  Access,
  ApprovalOutcome,
  ApprovalRequest,
  AssignmentChoice,
  DuplicateChoice,
  SaveRequest,
  SaveResult,
  Store,
} from '../store/types.ts';
import type { ApexTestRun, Authorization, ConnectedApp, ExecuteAnonymousResult, OrgInfo } from '../types.ts';

/** One open transaction: its saves run triggers, and its store shows what it has written so far. */
export interface ApiTransaction {
  save(request: SaveRequest): SaveResult[];
  approve(requests: readonly ApprovalRequest[], access: Access): ApprovalOutcome[];
  savepoint(): number;
  rollbackTo(savepoint: number): void;
}

export interface TransactionOptions {
  /** What decides on the owner of every record that is saved, by triggers too; null: nothing does. Absent: what each save says. */
  assignmentRule?: AssignmentChoice | null;
  /** What the request says to duplicate rules. */
  duplicateChoice?: DuplicateChoice | undefined;
}

export interface ApexAccess {
  /**
   * Runs the project's @RestResource class for a path that starts with `/services/apexrest/`, in its
   * own transaction. Answers with Salesforce's status and envelope for whatever goes wrong, a missing
   * resource (404 NOT_FOUND) and missing class access (403 FORBIDDEN) included.
   */
  rest(request: HttpRequest, userId: string): HttpResponse;
  executeAnonymous(apex: string, userId: string): ExecuteAnonymousResult;
  runTests(options: { classNames?: string[]; coverage?: boolean }): ApexTestRun;
}

export interface Deployments {
  /** Whether the org is one of production. */
  readonly production: boolean;
  /** Carries a deployment out and answers the id under which its result is kept. */
  deploy(deployment: { zip: Uint8Array; options: DeployOptions }, userId: string): string;
  result(id: string): DeployResult | null;
  /** The components of a metadata type that the org has. */
  components(type: string): ListedComponent[];
}

export interface ApiDeps {
  /** The API itself opens the session of `accessToken`; it never expires by time. */
  info: OrgInfo;
  clock: Clock;
  random: Random;
  /**
   * The API queries, reads and writes state, reads events and checks permissions here; it writes records
   * only through `transaction`. The runtime keeps a row in it for each class and trigger (`ApexClass`,
   * `ApexTrigger`: Id, Name, Body, Status, IsValid), which is what the Tooling API queries.
   */
  store: Store;
  apex: ApexAccess;
  deployments: Deployments;
  /**
   * Runs `work` in one transaction for the user: triggers fire in its saves; when it returns, the
   * transaction commits and after-commit work (events, async jobs) is done; when it throws, everything
   * is rolled back and the error goes on. A whole-request failure is a StoreError.
   */
  transaction<T>(userId: string, work: (transaction: ApiTransaction) => T, options?: TransactionOptions): T;
  /** Who may log in without an access token. */
  connectedApps?: ConnectedApp[];
  /** Codes that clients may exchange for a session, each once. */
  authorizations?: Authorization[];
  /** Username to password, for SOAP login. */
  passwords?: Record<string, string>;
  /** API requests in 24 hours; default 15,000. */
  dailyApiRequests?: number;
  /** The next injected request fault to answer with, if any; called once for each API request. */
  takeRequestFault?(): { status: number; code: string; message: string } | null;
  log?: (event: string, detail: Record<string, unknown>) => void;
}
