/** What the emission of one unit collects. */
import type { BoxedNumber } from '../2-analyze/ir.ts';
import { outermost, type UnitSymbol, type UserType } from '../2-analyze/symbols.ts';
import { arrow, assign, call, declare, id, literal, logical, path } from './estree.ts';
import type { Node } from './estree.ts';

/** Name of the JavaScript class of a type of this unit. */
export function className(type: UserType): string {
  if (type.name === '') return 'Script$';
  const name = type.name.replaceAll('.', '$');
  // Local variables are lower-cased: a class of such a name keeps out of their way.
  return name === name.toLowerCase() ? `${name}$class` : name;
}

export class EmitContext {
  readonly unit: UnitSymbol;
  readonly coverage: boolean;
  readonly executable = new Set<number>();
  /** Within a constructor: what it makes is its value, also where it returns early. */
  inConstructor = false;
  /** Variables of the body at hand that are declared at its head. */
  held: ReadonlySet<string> = new Set();
  readonly #foreign = new Map<string, string>();
  readonly #numbers = new Map<string, string>();

  constructor(unit: UnitSymbol, coverage: boolean) {
    this.unit = unit;
    this.coverage = coverage;
  }

  /** The class object of any user type: this unit's own by name, others loaded when first needed. */
  classObject(type: UserType): Node {
    if (outermost(type) === this.unit.type) return id(className(type));
    const name = `${type.name.replaceAll('.', '$')}$load`;
    this.#foreign.set(type.name, name);
    return call(id(name), []);
  }

  number(boxed: BoxedNumber): Node {
    const key = `${boxed.type.key} ${boxed.text}`;
    const name = this.#numbers.get(key) ?? `n$${this.#numbers.size + 1}`;
    this.#numbers.set(key, name);
    return id(name);
  }

  /** Declarations that the collected names need; to be called last. */
  prologue(): Node[] {
    const numbers = [...this.#numbers].map(([key, name]) => {
      const [type, text] = key.split(' ') as [string, string];
      return declare('const', name, call(path('$ops', type), [literal(text)]));
    });
    const classes = [...this.#foreign].flatMap(([type, name]) => [
      declare('let', `${name}ed`, null),
      declare(
        'const',
        name,
        arrow([], logical('??', id(`${name}ed`), assign(id(`${name}ed`), call(path('$', 'cls'), [literal(type)])))),
      ),
    ]);
    return [declare('const', '$ops', path('$', 'ops')), ...numbers, ...classes];
  }
}
