/** What the databases of the sample's companies hold: made up from a seed, with what real ones have in them. */
import type { Random } from 'kernel/random.ts';
import { checkDigit } from './nit.ts';

/** A row of a table: texts as the database takes them, null for NULL. */
export type TableRow = Record<string, string | null>;

/** The rows of a company, by table. */
export interface CompanyRows {
  terceros: TableRow[];
  sucursales: TableRow[];
  acuerdos: TableRow[];
}

const SORTS = ['Agropecuaria', 'Granja', 'Avícola', 'Distribuidora', 'Concentrados', 'Hacienda', 'Depósito'];
const NAMES = [
  'El Ñandú',
  'La Cañada',
  'El Peñón',
  'San José',
  'Los Búhos',
  'María Inés',
  'La Güajira',
  'Peña & Núñez',
];
const PEOPLE = ['José Núñez Ibáñez', 'Ángela María Ñustes', "Nicolás D'Acosta", 'Inés Güiza Muñoz'];
const PLACES = [
  ['Medellín', 'Antioquia'],
  ['Bogotá', 'Cundinamarca'],
  ['Girón', 'Santander'],
  ['Ibagué', 'Tolima'],
  ['Popayán', 'Cauca'],
  ['Cúcuta', 'Norte de Santander'],
] as const;
const QUARTERS = ['El Poblado', 'Chapinero', 'La Candelaria', 'Belén', 'Laureles'];
const CHANNELS = ['TIE', 'SUP', 'DIS', 'GRA'];
const STATES = ['V', 'V', 'V', 'S', 'X', 'C'];
/** How an old database says that it has no date. */
const NO_DATE = '1900-01-01';
const LAST_CODE = 12;

const whole = (random: Random, from: number, to: number): number => from + Math.floor(random.next() * (to - from + 1));

const one = <T>(random: Random, list: readonly T[]): T => list[whole(random, 0, list.length - 1)]!;

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0');

const date = (random: Random): string =>
  `${whole(random, 2005, 2025)}-${padded(whole(random, 1, 12), 2)}-${padded(whole(random, 1, 28), 2)}`;

const money = (random: Random, most: number): string => `${whole(random, 0, most)}.${padded(whole(random, 0, 99), 2)}`;

/** Which rows are odd, by their place: so every table of some size has each oddity. */
const every = (at: number, step: number, first: number): boolean => at % step === first;

/** NULL, an empty text, blanks or a value. */
const maybe = (at: number, value: string): string | null => {
  if (every(at, 9, 4)) return null;
  if (every(at, 9, 5)) return '';
  return every(at, 9, 6) ? '   ' : value;
};

const blanksAfter = (at: number, text: string): string => (every(at, 7, 3) ? `${text}   ` : text);

const phone = (random: Random): string => `60${whole(random, 1, 8)} ${padded(whole(random, 0, 9_999_999), 7)}`;

/** `12` → `0012`. */
export const accountCode = (number: number): string => padded(number + LAST_CODE, 4);

const tercero = (company: string, code: string, at: number, random: Random): TableRow => {
  const isPerson = every(at, 5, 2);
  const nit = isPerson
    ? String(whole(random, 10_000_000, 1_199_999_999))
    : String(whole(random, 800_000_000, 901_999_999));
  const name = isPerson ? one(random, PEOPLE) : `${one(random, SORTS)} ${one(random, NAMES)} ${code}`;
  return {
    empresa: company,
    codigo: code,
    nit,
    dv: checkDigit(nit),
    razon_social: blanksAfter(at, name),
    telefono: maybe(at, phone(random)),
    direccion: `Cra. ${whole(random, 1, 99)} # ${whole(random, 1, 99)}-${padded(whole(random, 1, 99), 2)}`,
    ciudad: maybe(at + 3, one(random, PLACES)[0]),
    cupo_credito: every(at, 8, 7) ? null : money(random, 99_999_999),
    fecha_vinculacion: every(at, 11, 5) ? NO_DATE : date(random),
    activo: every(at, 10, 9) ? 'N' : 'S',
  };
};

/** Stores: some of an account that nobody has, some of a sort that nobody mapped. */
const sucursal = (account: string, at: number, random: Random): TableRow => {
  const [city, department] = one(random, PLACES);
  return {
    tercero: every(at, 37, 20) ? '9999' : account,
    sucursal: padded(1 + (at % 3), 3),
    nombre: blanksAfter(at, `${one(random, ['Tienda', 'Sede', 'Bodega'])} ${one(random, NAMES)}`),
    canal: every(at, 41, 30) ? 'KIO' : one(random, CHANNELS),
    direccion: maybe(at, `Calle ${whole(random, 1, 170)} Bis # ${whole(random, 1, 99)}-${whole(random, 10, 99)}`),
    barrio: maybe(at + 2, one(random, QUARTERS)),
    ciudad: city,
    departamento: department,
    telefono: maybe(at + 5, phone(random)),
    correo: maybe(at + 1, `tienda${at}@example.com`),
    fecha_apertura: every(at, 13, 6) ? NO_DATE : date(random),
    activa: every(at, 12, 11) ? 'N' : 'S',
  };
};

const acuerdo = (at: number, store: TableRow, random: Random): TableRow => ({
  acuerdo: `A${padded(at + 1, 5)}`,
  tercero: store['tercero']!,
  sucursal: every(at, 6, 5) ? null : store['sucursal']!,
  descripcion: blanksAfter(
    at,
    `Acuerdo ${one(random, ['anual', 'de volumen', 'de temporada', 'señalización'])} ${at + 1}`,
  ),
  valor: money(random, 999_999_999),
  descuento: every(at, 4, 1) ? null : `${whole(random, 0, 40)}.${padded(whole(random, 0, 99), 2)}`,
  desde: date(random),
  hasta: every(at, 5, 3) ? NO_DATE : `2027-${padded(whole(random, 1, 12), 2)}-15`,
  estado: one(random, STATES),
  observaciones: maybe(at, 'Revisado por cartera.\nPrecio según lista “B”; reunión en año nuevo.'),
});

/**
 * The rows of a company: `accounts` accounts, half as many stores again, and an agreement for each store. The same `random`
 * makes the same rows. Among them: codes with zeros in front, blanks, NULL and empty texts, dates of 1900, an account that comes
 * twice, stores of accounts and of sorts that there are not.
 */
export const companyRows = (company: string, accounts: number, random: Random): CompanyRows => {
  const terceros = Array.from({ length: accounts }, (_, at) => tercero(company, accountCode(at), at, random));
  const twice = terceros.filter((_row, at) => every(at, 50, 17));
  const stores = Array.from({ length: Math.floor((accounts * 3) / 2) }, (_, at) =>
    sucursal(accountCode(Math.floor((at * 2) / 3)), at, random),
  );
  return {
    terceros: [...terceros, ...twice.map((row) => ({ ...row, telefono: '601 0000000' }))],
    sucursales: stores,
    acuerdos: stores.map((store, at) => acuerdo(at, store, random)),
  };
};
