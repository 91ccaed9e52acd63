/** What happens in the databases of the companies: good rows, bad rows, broken views. */
import type { Weighted } from '../../../../simulation/weighted.ts';
import { COMPANIES, FEEDS, type FeedKind } from '../config.ts';
import { externalIdOf, judged, keyOf, type Row } from '../model.ts';
import { allHeld } from '../org.ts';
import type { Scene } from '../scene.ts';
import { BREAKAGES } from '../views.ts';
import type { Action } from './types.ts';

const CHANNELS = ['Tienda', 'Supermercado', 'Distribuidor', 'Granja'];
const STATES = ['Vigente', 'Suspendido', 'Vencido', 'Cancelado'];

const someFeed = (scene: Scene): { company: string; feed: FeedKind; rows: Row[] } => {
  const [company, feed] = [scene.pick(COMPANIES)!, scene.pick(FEEDS)!];
  return { company, feed, rows: scene.views.of(company, feed) };
};

/** Codes with zeros in front, none twice. */
const newCode = (scene: Scene, rows: readonly Row[], serial: number): string =>
  `${scene.chance(0.3) ? 'B' : ''}${String(serial).padStart(4, '0')}${rows.length}`;

/** The code of a row that is there, or of one that is not. */
const someCode = (scene: Scene, company: string, feed: FeedKind): string | null =>
  (scene.pick(scene.views.of(company, feed))?.codigo as string | null | undefined) ?? null;

const newRow = (scene: Scene, company: string, feed: FeedKind, code: string): Row => {
  const nombre = `${scene.chance(0.3) ? 'Almacén Ñandú' : 'La Única'} ${code}`;
  if (feed === 'accounts')
    return {
      codigo: code,
      empresa: company,
      nombre,
      telefono: scene.chance(0.8) ? `601 ${code}` : null,
      cupo: scene.chance(0.7) ? `${100 + code.length}.2500` : null,
      activo: scene.chance(0.8) ? 'S' : 'N',
      desde: scene.chance(0.3) ? '1900-01-01' : '2019-03-01',
      nota: `first note of ${code}`,
    };
  if (feed === 'stores')
    return {
      codigo: code,
      nombre,
      tercero: scene.chance(0.9) ? someCode(scene, company, 'accounts') : null,
      canal: scene.pick(CHANNELS)!,
      telefono: scene.chance(0.8) ? `602 ${code}` : null,
    };
  return {
    codigo: code,
    nombre,
    sucursal: scene.chance(0.9) ? someCode(scene, company, 'stores') : null,
    tercero: scene.chance(0.6) ? someCode(scene, company, 'accounts') : null,
    valor: scene.chance(0.9) ? '1500.50' : null,
    estado: scene.pick(STATES)!,
  };
};

/** Every seed begins with a few rows of each. */
export const beginViews = (scene: Scene): void => {
  for (const company of COMPANIES)
    for (const [feed, count] of [
      ['accounts', 5],
      ['stores', 5],
      ['agreements', 4],
    ] as const) {
      const rows = scene.views.of(company, feed);
      for (let number = 0; number < count; number++)
        rows.push(newRow(scene, company, feed, String(number + 1).padStart(3, '0')));
    }
};

const add: Action = async (scene, serial) => {
  const { company, feed, rows } = someFeed(scene);
  rows.push(newRow(scene, company, feed, newCode(scene, rows, serial)));
};

/** A child whose parent comes later, or a parent and its child at once. */
const addFamily: Action = async (scene, serial) => {
  const company = scene.pick(COMPANIES)!;
  const [accounts, stores, agreements] = FEEDS.map((feed) => scene.views.of(company, feed)) as [Row[], Row[], Row[]];
  const code = newCode(scene, stores, serial);
  if (scene.chance(0.5)) accounts.push(newRow(scene, company, 'accounts', code));
  else scene.orphans.push({ company, code });
  stores.push({ ...newRow(scene, company, 'stores', code), tercero: code });
  agreements.push({ ...newRow(scene, company, 'agreements', code), sucursal: code });
};

const parentComes: Action = async (scene) => {
  const orphan = scene.orphans.shift();
  if (orphan) scene.views.of(orphan.company, 'accounts').push(newRow(scene, orphan.company, 'accounts', orphan.code));
};

/** Values of another row of the same sort, a value fewer, or the same with blanks. */
const change: Action = async (scene, serial) => {
  const { company, feed, rows } = someFeed(scene);
  const row = scene.pick(rows);
  if (!row) return;
  const other = newRow(scene, company, feed, newCode(scene, rows, serial));
  const names = Object.keys(row).filter((name) => name !== 'codigo' && name !== 'nombre' && name !== 'empresa');
  const name = scene.pick(names)!;
  const kind = scene.random.next();
  if (kind < 0.5) row[name] = other[name]!;
  else if (kind < 0.65) row[name] = null;
  else if (kind < 0.75) row[name] = scene.chance(0.5) ? '   ' : '';
  else if (kind < 0.85) row.nombre = `  ${String(row.nombre).trim()}   `;
  else row.nombre = `renamed ${serial}`;
};

const vanish: Action = async (scene) => {
  const { company, feed, rows } = someFeed(scene);
  if (rows.length < 3) return;
  const [row] = rows.splice(Math.floor(scene.random.next() * rows.length), 1);
  scene.vanished.push({ company, feed, row: row! });
};

const comeBack: Action = async (scene) => {
  const [back] = scene.vanished.splice(Math.floor(scene.random.next() * scene.vanished.length), 1);
  if (back) scene.views.of(back.company, back.feed).push(back.row);
};

const duplicate: Action = async (scene) => {
  const { rows } = someFeed(scene);
  const row = scene.pick(rows);
  if (!row) return;
  const code = String(row.codigo ?? '');
  rows.push({ ...row, codigo: scene.chance(0.5) ? code : ` ${code.toLowerCase()} `, nombre: 'the other one' });
};

/** A value that its column may not have. */
const badValue = (row: Row): void => {
  if ('cupo' in row) row.cupo = '1.005';
  else if ('canal' in row) row.canal = 'Kiosco';
  else row.estado = '?';
};

const BAD: readonly ((row: Row) => void)[] = [
  (row) => void (row.codigo = '  '),
  (row) => void (row.nombre = 'x'.repeat(300)),
  (row) => void (row.nombre = 'a\u0000b'),
  (row) => void (row.nombre = 'mojibake \ufffd'),
  badValue,
  (row) => void ('activo' in row ? (row.activo = 'X') : badValue(row)),
  (row) => void ('desde' in row ? (row.desde = '31.12.2020') : badValue(row)),
  (row) => void ('empresa' in row ? (row.nombre = '  ') : badValue(row)),
];

const spoil: Action = async (scene) => {
  const row = scene.pick(someFeed(scene).rows);
  if (row) scene.pick(BAD)!(row);
};

const wrongParent: Action = async (scene) => {
  const row = scene.pick(scene.views.of(scene.pick(COMPANIES)!, scene.chance(0.5) ? 'stores' : 'agreements'));
  if (row) row.tercero = 'NOBODY';
};

const breakView: Action = async (scene) => {
  const { company, feed } = someFeed(scene);
  scene.views.break(company, feed, scene.pick(BREAKAGES)!);
};

const mendViews: Action = async (scene) => scene.views.mend();

export const AT_THE_COMPANIES: readonly Weighted<Action>[] = [
  [3, add],
  [1.5, addFamily],
  [1, parentComes],
  [4, change],
  [1.5, vanish],
  [1, comeBack],
  [0.7, duplicate],
  [1.2, spoil],
  [0.5, wrongParent],
  [1.2, breakView],
  [1.2, mendViews],
];

/** Bad rows and second rows go, children of nobody belong to nobody, and what people deleted for good is no row any more. */
export const correctViews = async (scene: Scene): Promise<void> => {
  scene.views.mend();
  const isTold = scene.drawn.policy.deleted === 'tell';
  const held = await allHeld(scene.world);
  for (const company of COMPANIES)
    for (const feed of FEEDS) {
      const rows = scene.views.of(company, feed);
      const { bad } = judged(company, feed, rows);
      const kept = rows.filter((row) => {
        const id = externalIdOf(company, row);
        if (id === null) return false;
        const key = keyOf(feed, id);
        return !bad.has(key) && !(isTold && scene.books.wasTouched(key) && !held.has(key));
      });
      rows.splice(0, rows.length, ...kept);
    }
  for (const company of COMPANIES) {
    const codes = (feed: FeedKind): Set<string> =>
      new Set(scene.views.of(company, feed).map(({ codigo }) => String(codigo).trim().toLowerCase()));
    const isThere = (known: ReadonlySet<string>, code: Row[string] | undefined): boolean =>
      typeof code === 'string' && known.has(code.trim().toLowerCase());
    for (const row of [...scene.views.of(company, 'stores'), ...scene.views.of(company, 'agreements')])
      if (!isThere(codes('accounts'), row.tercero)) row.tercero = null;
    for (const row of scene.views.of(company, 'agreements'))
      if (!isThere(codes('stores'), row.sucursal)) row.sucursal = null;
  }
};
