/** What the API serves beside the REST operations: each endpoint is a method, a path and what it answers. */
import type { HTTPMethod } from 'find-my-way';
import type { HttpRequest } from 'kernel/http.ts';
import type { Answer, Caller } from './call.ts';
import type { ApiDeps } from './types.ts';

/** A request that needs no session. */
export interface OpenRequest {
  deps: ApiDeps;
  request: HttpRequest;
  /** Path and query with single slashes. */
  url: string;
  params: Record<string, string>;
  origin: string;
}

/** Anyone may call it; it looks at credentials itself. Not counted as an API request. */
export interface OpenEndpoint {
  access: 'open';
  methods: HTTPMethod[];
  path: string;
  run(request: OpenRequest): Answer | Promise<Answer>;
}

/** Needs a session; counted as an API request. */
export interface SessionEndpoint {
  access: 'session';
  methods: HTTPMethod[];
  path: string;
  run(caller: Caller, request: HttpRequest): Answer;
}

export type Endpoint = OpenEndpoint | SessionEndpoint;
