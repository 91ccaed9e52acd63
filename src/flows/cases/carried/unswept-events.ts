export interface EventMark {
  channel: string;
  replayId: number;
}

/** The newest event that no sweep has answered yet. Its replay id is stored only after the sweep that it woke. */
export class UnsweptEvents {
  #newest: EventMark | null = null;

  note(mark: EventMark): void {
    if (!this.#newest || mark.replayId > this.#newest.replayId) this.#newest = mark;
  }

  /** What a sweep that begins now will answer. */
  take(): EventMark | null {
    const mark = this.#newest;
    this.#newest = null;
    return mark;
  }
}
