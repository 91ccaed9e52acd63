/** How many UTF-16 code units a part of a pattern can match. */
import type { RegexNode } from './types.ts';

export interface Width {
  min: number;
  max: number;
}

const ZERO: Width = { min: 0, max: 0 };

export function widthOf(node: RegexNode): Width {
  switch (node.type) {
    case 'unit':
      return { min: 1, max: 1 };
    case 'set':
      return { min: 1, max: 2 };
    case 'grapheme':
      return { min: 1, max: Infinity };
    case 'reference':
      return { min: 0, max: Infinity };
    case 'anchor':
    case 'look':
      return ZERO;
    case 'group':
    case 'atomic':
      return widthOf(node.body);
    case 'sequence':
      return node.items.map(widthOf).reduce((a, b) => ({ min: a.min + b.min, max: a.max + b.max }), ZERO);
    case 'choice':
      return node.options.map(widthOf).reduce((a, b) => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }));
    case 'repeat':
      return repeated(widthOf(node.body), node.min, node.max);
  }
}

/** Zero times endless is zero. */
const repeated = (body: Width, min: number, max: number): Width => ({
  min: min === 0 || body.min === 0 ? 0 : body.min * min,
  max: max === 0 || body.max === 0 ? 0 : body.max * max,
});
