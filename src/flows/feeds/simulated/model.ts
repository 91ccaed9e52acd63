/**
 * What Salesforce must hold of a view, written from docs/feeds.md and not from src/feeds: values, external ids, what is
 * refused.
 */
import { NAMES } from './names.ts';
import type { SourceValue } from '../../../feeds/source/types.ts';
import type { FeedKind } from './config.ts';

export type Row = Record<string, SourceValue>;
export type Value = string | number | boolean | null;

/** A row that Salesforce must hold so. */
export interface Expected {
  /** The external id. */
  id: string;
  /** By field; of a look-up the external id of the parent. */
  values: Record<string, Value>;
  /** `accounts ITALCOL-01`, lower case. */
  parents: string[];
}

/** What a view says. Keys are external ids in lower case. */
export interface Judged {
  good: Map<string, Expected>;
  /** Why it must be refused. */
  bad: Map<string, string>;
  /** Rows without a key. */
  keyless: number;
}

/** Thrown while a row is judged. */
class Bad extends Error {}

const trimmed = (value: SourceValue | undefined): string | null => {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
};

const textOf = (value: SourceValue | undefined, most: number): string | null => {
  const text = trimmed(value);
  if (text === null) return null;
  if (text.includes('\u0000') || text.includes('\ufffd')) throw new Bad('a character that cannot be kept');
  if (text.length > most) throw new Bad('too long');
  return text;
};

const required = (value: SourceValue | undefined, most: number): string => {
  const text = textOf(value, most);
  if (text === null) throw new Bad('required');
  return text;
};

const oneOf = (value: SourceValue | undefined, values: readonly string[]): string | null => {
  const text = trimmed(value);
  if (text !== null && !values.includes(text)) throw new Bad('not in the picklist');
  return text;
};

/** Two digits behind the point, sixteen before it. */
const money = (value: SourceValue | undefined): number | null => {
  const text = trimmed(value);
  if (text === null) return null;
  if (!/^-?\d{1,16}(\.\d{1,2}0*)?$/.test(text)) throw new Bad('no such number fits');
  return Number(text);
};

const dateOf = (value: SourceValue | undefined): string | null => {
  const text = trimmed(value);
  if (text === null || text === '1900-01-01') return null;
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new Bad('no date');
  return text;
};

const flagOf = (value: SourceValue | undefined): boolean => {
  const text = trimmed(value);
  if (text !== null && text !== 'S' && text !== 'N') throw new Bad('neither S nor N');
  return text === 'S';
};

const KINDS: Readonly<Record<FeedKind, (row: Row, idOf: (key: string) => string) => Omit<Expected, 'id'>>> = {
  accounts: (row) => ({
    values: {
      Name: required(row.nombre, 255),
      [NAMES.company]: oneOf(row.empresa, ['ITALCOL', 'CASABLANCA', 'SANTA_REYES']),
      Phone: textOf(row.telefono, 40),
      [NAMES.credit]: money(row.cupo),
      [NAMES.active]: flagOf(row.activo),
      [NAMES.since]: dateOf(row.desde),
    },
    parents: (textOf(row.nota, 32_000), []),
  }),
  stores: (row, idOf) => {
    const account = textOf(row.tercero, 255);
    return {
      values: {
        Name: textOf(row.nombre, 80),
        [NAMES.account]: account && idOf(account),
        [NAMES.channel]: oneOf(row.canal, ['Tienda', 'Supermercado', 'Distribuidor', 'Granja']),
        [NAMES.phone]: textOf(row.telefono, 40),
      },
      parents: account === null ? [] : [`accounts ${idOf(account)}`],
    };
  },
  agreements: (row, idOf) => {
    const [store, account] = [textOf(row.sucursal, 255), textOf(row.tercero, 255)];
    return {
      values: {
        Name: textOf(row.nombre, 80),
        [NAMES.store]: store && idOf(store),
        [NAMES.account]: account && idOf(account),
        [NAMES.value]: money(row.valor),
        [NAMES.state]: oneOf(row.estado, ['Vigente', 'Suspendido', 'Vencido', 'Cancelado']),
      },
      parents: [
        ...(store === null ? [] : [`stores ${idOf(store)}`]),
        ...(account === null ? [] : [`accounts ${idOf(account)}`]),
      ],
    };
  },
};

/** The external id of a row, or null: it has no key. */
export const externalIdOf = (company: string, row: Row): string | null => {
  const code = trimmed(row.codigo);
  return code === null ? null : `${company}-${code}`;
};

/** Where records and rows are looked up: `accounts italcol-01`. */
export const keyOf = (feed: string, id: string): string => `${feed} ${id}`.toLowerCase();

/** What Salesforce must hold of these rows. Two rows with one external id are refused both. */
export const judged = (company: string, feed: FeedKind, rows: readonly Row[]): Judged => {
  const found: Judged = { good: new Map(), bad: new Map(), keyless: 0 };
  for (const row of rows) {
    const id = externalIdOf(company, row);
    if (id === null) {
      found.keyless++;
      continue;
    }
    const key = keyOf(feed, id);
    if (found.good.has(key) || found.bad.has(key)) {
      found.good.delete(key);
      found.bad.set(key, 'two rows');
      continue;
    }
    try {
      const { values, parents } = KINDS[feed](row, (code) => `${company}-${code}`.toLowerCase());
      found.good.set(key, { id, values, parents });
    } catch (error) {
      if (!(error instanceof Bad)) throw error;
      found.bad.set(key, error.message);
    }
  }
  return found;
};
