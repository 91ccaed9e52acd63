import type { Transport } from 'kernel/http.ts';

const SWEEP = /^http:\/\/org\/.*\/composite$/;
const MESSAGES = 'http://external/v1/messages';

/** Watches whether the middle layer respects a pause: once a sweep has shown it, nothing leaves for the external system. */
export class PauseWatch {
  /** Whether an administrator has paused the sync. */
  isPaused = false;
  readonly broken: string[] = [];
  #isSeen = false;

  /**
   * The network of a middle layer that starts, under watch. Only a sweep of its own shows that it knows of a pause:
   * what an earlier process has stored is unknown from outside.
   */
  over(inner: Transport): Transport {
    this.#isSeen = false;
    return async (request) => {
      const wasPaused = this.isPaused;
      if (this.#isSeen && wasPaused && request.url === MESSAGES)
        this.broken.push('the middle layer sent messages to the external system although it had seen the pause');
      const response = await inner(request);
      if (SWEEP.test(request.url) && response.status === 200) this.#isSeen = wasPaused;
      return response;
    };
  }
}
