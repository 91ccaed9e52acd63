import {
  IdPrimaryContext,
  LiteralPrimaryContext,
  SoqlPrimaryContext,
  SoslPrimaryContext,
  SuperPrimaryContext,
  ThisPrimaryContext,
  TypeRefPrimaryContext,
  VoidPrimaryContext,
} from '@apexdevtools/apex-parser';
import type { PrimaryContext } from '@apexdevtools/apex-parser';
import type { Expression } from '../ast.ts';
import { at, Incomplete, need } from './context.ts';
import type { Lowering } from './context.ts';
import { lowerLiteral } from './literals.ts';
import { lowerSoql } from './soql.ts';
import { lowerSosl } from './sosl.ts';
import { lowerType } from './types.ts';

export function lowerPrimary(l: Lowering, context: PrimaryContext): Expression {
  const place = at(context);
  if (context instanceof IdPrimaryContext) return { kind: 'name', ...place, name: need(context.id()).start.text };
  if (context instanceof LiteralPrimaryContext) return lowerLiteral(need(context.literal()));
  if (context instanceof ThisPrimaryContext) return { kind: 'this', ...place };
  if (context instanceof SuperPrimaryContext) return { kind: 'super', ...place };
  if (context instanceof TypeRefPrimaryContext)
    return { kind: 'typeLiteral', ...place, type: lowerType(need(context.typeRef())) };
  if (context instanceof VoidPrimaryContext) return { kind: 'typeLiteral', ...place, type: null };
  if (context instanceof SoqlPrimaryContext) return lowerSoql(l, need(context.soqlLiteral()));
  if (context instanceof SoslPrimaryContext) return lowerSosl(l, need(context.soslLiteral()));
  throw new Incomplete();
}
