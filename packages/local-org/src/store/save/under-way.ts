/**
 * Which records are being saved, so that a save of one of them within its own save is known: behind its after triggers,
 * Salesforce skips everything from assignment rules to roll-ups (Apex Developer Guide, "Triggers and Order of Execution").
 */
export class SavesUnderWay {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Notes the records that are not noted yet, and answers them: who notes them forgets them. */
  begin(ids: readonly string[]): string[] {
    const begun = ids.filter((id) => !this.#ids.has(id));
    for (const id of begun) this.#ids.add(id);
    return begun;
  }

  end(ids: readonly string[]): void {
    for (const id of ids) this.#ids.delete(id);
  }
}
