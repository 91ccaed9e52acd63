import type { Handler } from 'kernel/http.ts';

/** Watches that nothing of a Case that is out of the scope leaves the org, not even its id: docs/scope.md. */
export class ScopeWatch {
  readonly broken: string[] = [];
  /** By the id of its Case: texts that stand in it alone, and have never been in the scope. */
  readonly #keptBack = new Map<string, string[]>();

  /** What the Case holds from its present save on, in which it is out of the scope. */
  keepsBack(caseId: string, texts: readonly string[]): void {
    this.#keptBack.set(caseId, [...(this.#keptBack.get(caseId) ?? []), ...texts]);
  }

  /** Somebody puts the Case into the scope: from then on all that it holds may leave. */
  async lettingOut(caseId: string, save: () => Promise<void>): Promise<void> {
    this.#keptBack.delete(caseId);
    await save();
  }

  /** The org, under watch: whoever asks over the network is outside. */
  over(org: Handler): Handler {
    return async (request) => {
      const kept = [...this.#keptBack];
      const response = await org(request);
      for (const [caseId, texts] of kept)
        for (const text of texts)
          if (this.#keptBack.has(caseId) && response.body.includes(text))
            this.broken.push(
              `"${text}" of the Case ${caseId}, which is out of the scope, left the org: ${request.url}`,
            );
      return response;
    };
  }
}
