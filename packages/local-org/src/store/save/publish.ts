import type { ObjectSchema, Row, SaveRequest } from '../types.ts';
import { checkFieldAccess } from './access.ts';
import type { Outcome, SaveContext, SaveServices, Step } from './context.ts';
import { applyDefaults } from './defaults.ts';
import { normaliseValues } from './normalise.ts';
import { takeInput } from './take-input.ts';
import { validateValues } from './validate.ts';
import type { Entry } from './entry.ts';

const STEPS: Step[] = [checkFieldAccess, takeInput, applyDefaults, normaliseValues, validateValues];

/**
 * Checks platform events that are published. They are not stored as rows: the caller appends the events
 * of the rows that succeed, whose values have been brought to their stored form in place.
 */
export function publishChunk(
  services: SaveServices,
  object: ObjectSchema,
  rows: Row[],
  request: SaveRequest,
): Outcome[] {
  const moment = Math.floor(services.now() / 1000) * 1000;
  const noTriggers = { hasTriggers: () => false, fire: () => [] };
  const context: SaveContext = {
    ...services,
    object,
    shape: services.shapes.of(object),
    operation: 'insert',
    request,
    triggers: noTriggers,
    moment,
  };
  return rows.map((row) => {
    const entry: Entry = { input: new Map(row.values), id: null, old: null, row, errors: [] };
    for (const step of STEPS) if (entry.errors.length === 0) step(context, [entry]);
    if (entry.errors.length > 0) return { id: null, errors: entry.errors };
    row.id = services.sequences.newId(object.keyPrefix);
    for (const name of ['Id', 'ReplayId', 'EventUuid', 'CreatedDate', 'CreatedById']) row.values.delete(name);
    return { id: row.id, errors: [] };
  });
}
