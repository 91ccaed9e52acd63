import { MetadataError } from '../../schema/problems.ts';
import type { ObjectSchema } from '../../types.ts';
import { fieldAt } from '../field-path.ts';
import type { Conditions, Element, FlowBody, FlowTrigger, Operand } from './types.ts';

/** Global variables that flows may read here. */
export const GLOBALS = new Set(['$Flow', '$GlobalConstant', '$Permission', '$Profile', '$User', '$UserRole']);
export const MERGED = /\{!([^}]+)\}/g;

/** Throws MetadataError when a connector leads nowhere, or when something is read that the flow does not have. */
export function checkReferences(
  objects: ReadonlyMap<string, ObjectSchema>,
  object: ObjectSchema,
  trigger: FlowTrigger,
): void {
  const { elements, resources } = trigger.body!;
  for (const target of [trigger.first, ...[...elements.values()].flatMap(targetsOf)])
    if (target !== null && !elements.has(target))
      throw new MetadataError(`a connector leads to ${target}, which is not there`);
  for (const path of readsOf(trigger, { elements, resources })) {
    const [head = '', ...rest] = path.split('.');
    if (head === '$Record' || head === '$Record__Prior') checkPath(objects, object, rest);
    else if (!GLOBALS.has(head) && !elements.has(head) && !resources.has(head))
      throw new MetadataError(`reads ${path}, which the flow does not have or the local org does not support`);
  }
}

function checkPath(objects: ReadonlyMap<string, ObjectSchema>, object: ObjectSchema, rest: string[]): void {
  if (rest.length === 0) return;
  const path = rest.join('.');
  const isParent = [...object.fields.values()].some((field) => field.relationshipName === path);
  if (!isParent) fieldAt(objects, object, path);
}

function targetsOf(element: Element): (string | null)[] {
  if (element.kind === 'decision') return [element.next, ...element.outcomes.map(({ next }) => next)];
  if (element.kind === 'loop') return [element.next, element.body];
  return 'fault' in element ? [element.next, element.fault] : [element.next];
}

const inText = (text: string): string[] => [...text.matchAll(MERGED)].map(([, path]) => path!);

const inOperand = (operand: Operand): string[] =>
  operand.kind === 'reference' ? [operand.path] : operand.kind === 'template' ? inText(operand.text) : [];

const inConditions = (conditions: Conditions | null, own = true): string[] =>
  (conditions?.items ?? []).flatMap(({ left, right }) => [...(own ? [left] : []), ...inOperand(right)]);

function readsOf(trigger: FlowTrigger, { elements, resources }: FlowBody): string[] {
  return [
    ...inConditions(trigger.conditions),
    ...inText(trigger.formula ?? ''),
    ...[...elements.values()].flatMap(inElement),
    ...[...resources.values()].flatMap((resource) => {
      if (resource.kind === 'formula') return inText(resource.formula);
      if (resource.kind === 'template') return inText(resource.text);
      return resource.initial === null ? [] : inOperand(resource.initial);
    }),
  ];
}

function inElement(element: Element): string[] {
  switch (element.kind) {
    case 'assignment':
      return element.items.flatMap(({ to, value }) => [to, ...inOperand(value)]);
    case 'decision':
      return element.outcomes.flatMap(({ conditions }) => inConditions(conditions));
    case 'loop':
      return [element.collection];
    case 'error':
      return element.messages.flatMap(({ text }) => inText(text));
    case 'lookup':
      return inConditions(element.selection.conditions, false);
    case 'create':
      return [
        ...(element.reference ? [element.reference] : []),
        ...element.values.flatMap(({ value }) => inOperand(value)),
      ];
    case 'update':
      return [...inTarget(element.target), ...element.values.flatMap(({ value }) => inOperand(value))];
    case 'delete':
      return inTarget(element.target);
  }
}

const inTarget = (target: Extract<Element, { kind: 'update' }>['target']): string[] =>
  target.kind === 'reference' ? [target.path] : inConditions(target.conditions, false);
