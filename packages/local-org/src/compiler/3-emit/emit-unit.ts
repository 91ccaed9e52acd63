/** One analysed unit to one module. */
import type * as ir from '../2-analyze/ir.ts';
import type { Program } from '../2-analyze/program.ts';
import type { UnitSymbol } from '../2-analyze/symbols.ts';
import type { CompiledModule, TriggerEventName, TriggerInfo } from '../types.ts';
import { classInfo } from './class-info.ts';
import { emitTypes } from './classes.ts';
import { className, EmitContext } from './context.ts';
import * as js from './estree.ts';
import type { Node } from './estree.ts';
import { holding } from './held.ts';
import { print } from './print.ts';
import { emitStatements, tick } from './statements.ts';

export interface EmitOptions {
  /** Emit `$.cover(path, line)` before each statement. */
  coverage?: boolean;
}

function emitScript(c: EmitContext, script: ir.Script): Node {
  const name = c.unit.source.kind === 'trigger' ? `${c.unit.source.name}$trigger` : 'AnonymousBlock';
  const temporaries = js.declareAll(script.temporaries.map((variable) => variable.name));
  const body = holding(c, [], script.body, () => [tick(), ...emitStatements(c, script.body)]);
  return js.functionNode([], [...temporaries, ...body], name);
}

function triggerInfo(unit: UnitSymbol, program: Program): { trigger: TriggerInfo } | Record<string, never> {
  const { declaration } = unit;
  if (declaration.kind !== 'trigger') return {};
  const object = program.types.schema.objects[declaration.object.text.toLowerCase()];
  return {
    trigger: {
      name: declaration.name,
      object: object?.name ?? declaration.object.text,
      events: declaration.events as TriggerEventName[],
    },
  };
}

export function emitUnit(
  program: Program,
  unit: UnitSymbol,
  analysed: ir.AnalysedUnit,
  options: EmitOptions,
): CompiledModule {
  const c = new EmitContext(unit, options.coverage ?? false);
  const { type, script } = analysed;
  const nameless = script !== null;
  const needed = !nameless || type.methods.length > 0 || type.inner.length > 0;
  const types = needed ? emitTypes(c, program, type) : [];
  const result = script === null ? js.id(className(type.symbol)) : emitScript(c, script);
  const body = [...types, js.returns(result)];
  const factory = js.functionNode(['$'], [js.statement(js.literal('use strict')), ...c.prologue(), ...body]);
  const { code, lines } = print({ type: 'Program', body: [js.statement(factory)], sourceType: 'script' });
  const { kind, name, path } = unit.source;
  return {
    kind,
    name: kind === 'class' ? type.symbol.name : name,
    path,
    code,
    lines,
    executableLines: [...c.executable].sort((a, b) => a - b),
    ...(nameless ? {} : { class: classInfo(program, type.symbol) }),
    ...triggerInfo(unit, program),
  };
}
