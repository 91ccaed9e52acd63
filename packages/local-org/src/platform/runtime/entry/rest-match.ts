/** Which Apex REST class serves a path. */
import type { ClassInfo } from '../../../compiler/types.ts';
import { hasAnnotation, type Program } from '../program.ts';

const PREFIX = '/services/apexrest';

export interface RestMatch {
  type: ClassInfo;
  /** The mapping as RestRequest.resourcePath shows it: `/services/apexrest/Cases/*`. */
  resourcePath: string;
}

/** The class whose urlMapping fits best: an exact one before wildcards, longer wildcards before shorter. Mappings are case-sensitive. */
export const matchRest = (program: Program, path: string): RestMatch | null => {
  const wanted = path.slice(PREFIX.length).replace(/\/$/, '') || '/';
  const found = program
    .classes()
    .filter((type) => hasAnnotation(type, 'restresource'))
    .map((type) => ({ type, mapping: mappingOf(type) }))
    .filter(({ mapping }) => fits(mapping, wanted))
    .sort((a, b) => Number(isWild(a.mapping)) - Number(isWild(b.mapping)) || b.mapping.length - a.mapping.length)[0];
  return found ? { type: found.type, resourcePath: PREFIX + found.mapping } : null;
};

const mappingOf = (type: ClassInfo): string => {
  const parameters = type.annotations.find((annotation) => annotation.name === 'restresource')!.parameters;
  const mapping = String(parameters['urlmapping'] ?? parameters[''] ?? '/');
  return mapping.startsWith('/') ? mapping : `/${mapping}`;
};

const isWild = (mapping: string): boolean => mapping.endsWith('*');

const fits = (mapping: string, path: string): boolean => {
  if (!isWild(mapping)) return mapping.replace(/\/$/, '') === path;
  const base = mapping.slice(0, -1);
  return path.startsWith(base) || `${path}/` === base;
};
