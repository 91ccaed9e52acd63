/** What a name or a dotted chain of names can stand for before it is known to be a value. */
import type { ObjectDescription } from '../../types.ts';
import type * as ir from '../ir.ts';
import type { Type } from '../symbols.ts';

export type Operand =
  | { kind: 'value'; value: ir.Expression }
  | { kind: 'super' }
  | { kind: 'type'; type: Type }
  /** `System`, `Schema`, `Database` … as far as they are no types. */
  | { kind: 'namespace'; name: string }
  /** `Schema.SObjectType.Case`: a describe result whose fields can be named. */
  | { kind: 'describe'; object: ObjectDescription; value: ir.Expression }
  /** `Schema.SObjectType.Case.fields` */
  | { kind: 'describeFields'; object: ObjectDescription; value: ir.Expression }
  /** `Case.SObjectType.fields`: leads to tokens of fields. */
  | { kind: 'tokenFields'; object: ObjectDescription }
  /** `Label`, `System.Label` */
  | { kind: 'labels' };

export const value = (expression: ir.Expression): Operand => ({ kind: 'value', value: expression });
