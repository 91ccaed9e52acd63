/** Which rows a run has seen, a bit for each: a million rows take 125 kB. */
export class Seen {
  #bits = new Uint8Array(1_024);
  count = 0;

  /** Notes a place, a whole number from 0. False when it was noted before. */
  add(place: number): boolean {
    const at = place >> 3;
    if (at >= this.#bits.length) this.#grow(at + 1);
    const bit = 1 << (place & 7);
    if ((this.#bits[at]! & bit) !== 0) return false;
    this.#bits[at]! |= bit;
    this.count++;
    return true;
  }

  #grow(bytes: number): void {
    const grown = new Uint8Array(Math.max(bytes, 2 * this.#bits.length));
    grown.set(this.#bits);
    this.#bits = grown;
  }

  /** The bits up to a place, the lowest of each byte first. */
  base64(last: number): string {
    const bytes = (last >> 3) + 1;
    if (bytes > this.#bits.length) this.#grow(bytes);
    return Buffer.from(this.#bits.buffer, 0, bytes).toString('base64');
  }
}
