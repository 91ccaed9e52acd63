import type { AnnotationContext, ElementValueContext, ModifierContext } from '@apexdevtools/apex-parser';
import type { Annotation, Modifiers } from '../ast.ts';
import { at, need, terminals } from './context.ts';
import { lowerLiteral } from './literals.ts';

function value(context: ElementValueContext): string | boolean {
  const literal = lowerLiteral(need(context.literal()));
  return literal.type === 'Boolean' ? literal.text === 'true' : literal.text;
}

function lowerAnnotation(context: AnnotationContext): Annotation {
  const parameters: Annotation['parameters'] = {};
  for (const pair of context.elementValuePairs()?.elementValuePair_list() ?? []) {
    parameters[pair.id().start.text.toLowerCase()] = value(need(pair.elementValue()));
  }
  const bare = context.elementValue();
  if (bare !== null) parameters[''] = value(bare);
  return { ...at(context), name: need(context.id()).start.text.toLowerCase(), parameters };
}

export function lowerModifiers(contexts: ModifierContext[]): Modifiers {
  const modifiers: Modifiers = { words: [], annotations: [] };
  for (const context of contexts) {
    const annotation = context.annotation();
    if (annotation === null) modifiers.words.push(terminals(context).join(' ').toLowerCase());
    else modifiers.annotations.push(lowerAnnotation(annotation));
  }
  return modifiers;
}
