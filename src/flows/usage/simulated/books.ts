import type { Ad } from '../../../service-app/db/ads.ts';
import { Violation } from '../../../simulation/process.ts';

/** What the service team knows of its ads: each as somebody last saw it saved, so that the end can be judged. */
export class Books {
  #ads = new Map<string, Ad>();

  note(ad: Ad): void {
    const known = this.#ads.get(ad.id);
    if (known && ad.version < known.version)
      throw new Violation(`ad ${ad.id} was saved at version ${known.version}, and is at ${ad.version}`);
    this.#ads.set(ad.id, ad);
  }

  /** As they are now, for `replace`. */
  copy(): ReadonlyMap<string, Ad> {
    return new Map(this.#ads);
  }

  /** The application knows these and no others: its database was put back. */
  replace(ads: ReadonlyMap<string, Ad>): void {
    this.#ads = new Map(ads);
  }

  get all(): Ad[] {
    return [...this.#ads.values()];
  }
}
