/** What is said of components. */
import type { Component, ComponentMessage } from './types.ts';

type Named = Pick<Component, 'type' | 'fullName' | 'fileName'>;

interface Place {
  lineNumber: number;
  columnNumber: number;
}

export const failure = ({ type, fullName, fileName }: Named, problem: string, place?: Place): ComponentMessage => ({
  componentType: type,
  fullName,
  fileName,
  success: false,
  created: false,
  changed: false,
  deleted: false,
  problem,
  problemType: 'Error',
  ...place,
});

/** A failure that does not stop the deployment. */
export const warning = (named: Named, problem: string): ComponentMessage => ({
  ...failure(named, problem),
  success: true,
  problemType: 'Warning',
});

export const success = (
  { type, fullName, fileName }: Named,
  what: 'created' | 'changed' | 'deleted' | 'unchanged',
): ComponentMessage => ({
  componentType: type,
  fullName,
  fileName,
  success: true,
  created: what === 'created',
  changed: what === 'changed',
  deleted: what === 'deleted',
});

export const isFailure = (message: ComponentMessage): boolean => !message.success;
