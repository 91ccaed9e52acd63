import type { Transport } from 'kernel/http.ts';

const SWEEP = /^http:\/\/org\/.*\/composite$/;
const MESSAGES = 'http://external/v1/messages';

/** Watches whether the middle layer heeds a pause: once a sweep has shown it, nothing leaves for the external system. */
export class PauseWatch {
  /** Whether an administrator has paused the sync. */
  isPaused = false;
  readonly broken: string[] = [];
  #isSeen = false;

  /** A process that starts anew knows what it has stored; whether that was enough is unknown from outside. */
  forget(): void {
    this.#isSeen = false;
  }

  /** The middle layer's network, under watch. */
  over =
    (inner: Transport): Transport =>
    async (request) => {
      const wasPaused = this.isPaused;
      if (this.#isSeen && wasPaused && request.url === MESSAGES)
        this.broken.push('the middle layer sent messages to the external system although it had seen the pause');
      const response = await inner(request);
      if (SWEEP.test(request.url) && response.status === 200) this.#isSeen = wasPaused;
      return response;
    };
}
