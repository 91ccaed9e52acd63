import { readFileSync } from 'node:fs';

/** Settings of a process by name. What is missing or unreadable is collected, to be told all at once. */
export class Environment {
  readonly problems: string[] = [];
  #values: Readonly<Record<string, string | undefined>>;

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.#values = values;
  }

  /** Null when it is not set, or empty. */
  text(name: string): string | null {
    return this.#values[name] || null;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === null) this.problems.push(`${name} is not set`);
    return value ?? '';
  }

  url(name: string): string {
    const value = this.required(name);
    if (value && !/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
      this.problems.push(`${name} must be an http or https URL`);
    return value;
  }

  whole(name: string, max: number, fallback = 0): number {
    const value = Number(this.#values[name] ?? fallback);
    if (!Number.isInteger(value) || value < 0 || value > max)
      this.problems.push(`${name} must be a whole number from 0 to ${max}`);
    return value;
  }

  oneOf<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = (this.#values[name] ?? fallback) as T;
    if (!choices.includes(value)) this.problems.push(`${name} must be one of ${choices.join(', ')}`);
    return value;
  }

  /** The content of the file that the setting names. */
  file(name: string): string {
    const path = this.required(name);
    try {
      return path ? readFileSync(path, 'utf8') : '';
    } catch {
      this.problems.push(`${name}: ${path} cannot be read`);
      return '';
    }
  }

  /** An object; empty when it is not set. */
  json(name: string): object {
    try {
      const value: unknown = JSON.parse(this.#values[name] ?? '{}');
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
      this.problems.push(`${name} must be a JSON object`);
    } catch {
      this.problems.push(`${name} is not JSON`);
    }
    return {};
  }
}
