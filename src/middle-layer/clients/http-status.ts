import { TransportError, type HttpRequest, type HttpResponse, type Transport } from 'kernel/http.ts';
import { TargetUnavailable } from './errors.ts';

/** Sends a request; no answer at all means that the target is unavailable, and that what it did is unknown. */
export const exchange = async (transport: Transport, request: HttpRequest): Promise<HttpResponse> => {
  try {
    return await transport(request);
  } catch (error) {
    if (error instanceof TransportError) throw new TargetUnavailable('NO_ANSWER', error.message, { cause: error });
    throw error;
  }
};

/** Something of an answer without the shape of the protocol: whoever gave it, it was not the target. */
export const badAnswer = (from: string, what: string): TargetUnavailable =>
  new TargetUnavailable('BAD_ANSWER', `${from} ${what}: look at what stands between`);

/** The JSON of an answer. What cannot be read came from something else on the way: the target counts as unavailable. */
export const readJson = (response: HttpResponse, from: string): unknown => {
  try {
    return JSON.parse(response.body);
  } catch {
    throw new TargetUnavailable(
      'UNREADABLE_ANSWER',
      `${from} answered ${response.status} without JSON: look at what stands between`,
    );
  }
};
