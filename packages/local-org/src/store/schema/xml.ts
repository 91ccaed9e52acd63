import { readFileSync } from 'node:fs';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { MetadataError } from './problems.ts';

const ATTRIBUTE = '@';
const TEXT = '#text';

/** One element of a metadata file. Readers ask for children by name; a child nobody knows is an error, see `only`. */
export class XmlElement {
  readonly name: string;
  readonly #children: Map<string, XmlElement[]>;
  readonly #text: string;
  readonly #attributes: Map<string, string>;

  constructor(name: string, node: unknown) {
    this.name = name;
    this.#children = new Map();
    this.#attributes = new Map();
    this.#text = typeof node === 'string' ? node : '';
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === TEXT) this.#text = String(value);
      else if (key.startsWith(ATTRIBUTE)) this.#attributes.set(key.slice(1), String(value));
      else
        this.#children.set(
          key,
          (Array.isArray(value) ? value : [value]).map((child) => new XmlElement(key, child)),
        );
    }
  }

  /** The element's own text. */
  get content(): string {
    return this.#text;
  }

  attribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  /** Names of the children, each once. */
  names(): string[] {
    return [...this.#children.keys()];
  }

  all(name: string): XmlElement[] {
    return this.#children.get(name) ?? [];
  }

  first(name: string): XmlElement | null {
    return this.all(name)[0] ?? null;
  }

  /** Text of a child, or null when it is absent. */
  text(name: string): string | null {
    return this.first(name)?.content ?? null;
  }

  /** Text of a child that must be there. */
  needed(name: string): string {
    const text = this.text(name);
    if (text === null || text === '') throw new MetadataError(`<${this.name}> has no <${name}>`);
    return text;
  }

  flag(name: string): boolean {
    const text = this.text(name);
    if (text === null) return false;
    if (text !== 'true' && text !== 'false') throw new MetadataError(`<${name}> must be true or false, not ${text}`);
    return text === 'true';
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === null) return undefined;
    if (!/^-?\d+$/.test(text)) throw new MetadataError(`<${name}> must be an integer, not ${text}`);
    return Number(text);
  }

  /** Refuses children that are not in `known`: what is not understood is never skipped. */
  only(known: ReadonlySet<string>): void {
    for (const name of this.#children.keys()) {
      if (!known.has(name)) throw new MetadataError(`<${this.name}> has <${name}>, which the local org does not know`);
    }
  }
}

/** Characters that XML 1.0 has no place for (https://www.w3.org/TR/xml/#charsets); the parser would let them pass. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));/iu;

/** What is wrong with a text that holds such a character, or null. */
export function forbiddenInXml(text: string): string | null {
  const found = FORBIDDEN.exec(text);
  if (found === null) return null;
  const code = found[0].startsWith('&')
    ? found[0]
    : `U+${found[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`;
  return `an invalid XML character (${code}) was found at line ${text.slice(0, found.index).split('\n').length}`;
}

/** Reads a metadata file whose root element must be `root`. */
export function readXml(path: string, root: string): XmlElement {
  const text = readFileSync(path, 'utf8');
  const bad = forbiddenInXml(text);
  if (bad !== null) throw new MetadataError(bad);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new MetadataError(`not well-formed at line ${valid.err.line}: ${valid.err.msg}`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: ATTRIBUTE,
    textNodeName: TEXT,
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    trimValues: true,
  });
  const document = parser.parse(text) as Record<string, unknown>;
  if (!(root in document)) throw new MetadataError(`the root element is not <${root}>`);
  return new XmlElement(root, document[root]);
}
