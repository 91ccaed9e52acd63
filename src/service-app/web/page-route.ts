import type { HttpResponse } from 'kernel/http.ts';
import type { RoutedRequest } from '../../shared/router.ts';
import type { Session } from '../db/people.ts';

/** A page for those who are signed in. */
export type PageRoute = (request: RoutedRequest, session: Session) => Promise<HttpResponse>;
