/** From an instance to its process. */
import type { SaveServices } from '../save/context.ts';
import type { ObjectSchema } from '../types.ts';
import type { ApprovalProcessSchema } from './types.ts';

type Services = Pick<SaveServices, 'schema' | 'platformRows'>;

/** The process of an instance; null when its metadata is gone. */
export function processOf({ schema, platformRows }: Services, instanceId: string): ApprovalProcessSchema | null {
  const definition = platformRows.value('ProcessInstance', instanceId, 'ProcessDefinitionId');
  if (typeof definition !== 'string') return null;
  const object = schema.objects.get(
    String(platformRows.value('ProcessDefinition', definition, 'TableEnumOrId')).toLowerCase(),
  );
  return object === undefined
    ? null
    : named(object, String(platformRows.value('ProcessDefinition', definition, 'DeveloperName')));
}

const named = (object: ObjectSchema, name: string): ApprovalProcessSchema | null =>
  object.approvalProcesses?.find((process) => process.name.toLowerCase() === name.toLowerCase()) ?? null;

/** A process by its developer name or the id of its definition. */
export function processNamed(
  { platformRows }: Services,
  object: ObjectSchema,
  nameOrId: string,
): ApprovalProcessSchema | null {
  const byId = platformRows.value('ProcessDefinition', nameOrId, 'DeveloperName');
  return named(object, typeof byId === 'string' ? byId : nameOrId);
}
