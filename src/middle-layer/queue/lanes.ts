/** Work that goes on beside the loop that began it. */
export class Lanes {
  #underWay = new Set<Promise<void>>();

  /** Begins work that never rejects. */
  begin(work: () => Promise<void>): void {
    const running = work().finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  /** Resolves when all that was begun has ended. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}
