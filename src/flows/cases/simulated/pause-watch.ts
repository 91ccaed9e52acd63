import type { HttpRequest, Transport } from 'kernel/http.ts';

/** Of composite requests those that ask for the pause: other flows ask for other things in one call. */
const isSweep = ({ url, body }: HttpRequest): boolean =>
  /^http:\/\/org\/.*\/composite$/.test(url) && body.includes('Concord_Operator_Setting__c');
const MESSAGES = 'http://external/v1/messages';

/** Watches whether the middle layer respects a pause: once a sweep has shown it to a worker, that worker sends nothing to the external system. */
export class PauseWatch {
  readonly broken: string[] = [];
  /** Pauses that have begun, and the one that is on. */
  #begun = 0;
  #current: number | null = null;

  /** Whether an administrator has paused the sync. */
  set isPaused(isPaused: boolean) {
    this.#current = isPaused ? (this.#current ?? ++this.#begun) : null;
  }

  /**
   * The network of a worker that starts, under watch. Only a sweep of its own, of the pause that is on, shows that it knows of it:
   * what an earlier process, or another worker, has stored is unknown from outside. A worker asks again once it has stored what it
   * saw, and not before; in between, what runs beside the sweep may still send.
   */
  over(inner: Transport): Transport {
    let shown: number | null = null;
    let seen: number | null = null;
    return async (request) => {
      if (isSweep(request)) seen = shown;
      const current = this.#current;
      if (current !== null && seen === current && request.url === MESSAGES)
        this.broken.push('the middle layer sent messages to the external system although it had seen the pause');
      const response = await inner(request);
      if (isSweep(request) && response.status === 200) shown = current;
      return response;
    };
  }
}
