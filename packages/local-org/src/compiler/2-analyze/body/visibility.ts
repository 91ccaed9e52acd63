import type { Access, UserType } from '../symbols.ts';
import { enclosing, lineage, outermost } from '../symbols.ts';
import type { Body } from './body.ts';

interface Guarded {
  owner: UserType;
  access: Access;
  testVisible: boolean;
}

export function isVisible(b: Body, { owner, access, testVisible }: Guarded): boolean {
  if (access === 'public' || access === 'global') return true;
  if (outermost(owner) === outermost(b.self)) return true;
  if (testVisible && outermost(b.self).isTest) return true;
  if (access === 'private') return false;
  return enclosing(b.self).some((type) => lineage(type).some((ancestor) => ancestor === owner));
}
