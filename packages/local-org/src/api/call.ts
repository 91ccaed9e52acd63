/** One API request on its way through the API, and what an operation is. */
import type { HTTPMethod } from 'find-my-way';
import type { Access } from '../store/types.ts';
import type { ApiState } from './state.ts';
import type { ApiDeps, ApiTransaction } from './types.ts';

/** What an operation answers. `body` is sent as JSON; `text` as it is, with a content type of its own. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  text?: string;
  /** A collection that was rolled back answers 200 and tells per record: within a composite call it counts as failed. */
  failed?: boolean;
}

/** The request itself: what a subrequest of a composite call has of its own. */
export interface CallRequest {
  method: string;
  /** Path with single slashes, and the query as received. */
  url: string;
  /** Lower-cased names. */
  headers: Record<string, string>;
  body: string;
  /** A body that is not text (multipart/form-data). */
  bytes?: Uint8Array;
}

/** Who calls, and within which transaction. */
export interface Caller {
  deps: ApiDeps;
  state: ApiState;
  userId: string;
  /** Calls run in user mode: object and field permissions and sharing apply. */
  access: Access;
  /** `http://127.0.0.1:4000`, as the client addresses the org. */
  origin: string;
  /** Set in an all-or-none composite call, whose subrequests share one transaction. */
  allOrNone?: boolean;
  /** Runs saves in one transaction: a subrequest of an all-or-none composite call joins the one that is open. */
  transaction<T>(work: (transaction: ApiTransaction) => T): T;
}

export interface Call extends Caller, CallRequest {
  params: Record<string, string>;
  query: URLSearchParams;
  /** API version as in the path, `67.0`. */
  version: string;
  /** `/services/data/v67.0`, for URLs in answers. */
  base: string;
  dispatch: Dispatch;
}

/** Carries out a request below `/services/data`, errors included: how composite calls run their subrequests. */
export type Dispatch = (caller: Caller, request: CallRequest) => Answer;

/** One operation of the REST API: found by method and path below `/services/data/vXX.0`, done synchronously. */
export interface Operation {
  method: HTTPMethod;
  /** In find-my-way's notation, below the version: `/sobjects/:type`. */
  path: string;
  /** The content types of a body; absent: JSON. */
  takes?: RegExp;
  run(call: Call): Answer;
}
