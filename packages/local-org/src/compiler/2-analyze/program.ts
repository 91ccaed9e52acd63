/** Everything the analyser works with: the program's own types, the catalogue, the schema. */
import type { CompileInput, SupportedMembers } from '../types.ts';
import { CatalogueMembers } from './catalogue-members.ts';
import type { UnitSymbol, UserType } from './symbols.ts';
import { TypeTable } from './types/type-table.ts';

export class Program {
  readonly types: TypeTable;
  readonly members: CatalogueMembers;
  readonly supported: SupportedMembers;
  readonly units: UnitSymbol[] = [];
  /** Top-level types by lower-cased name. */
  readonly userTypes = new Map<string, UserType>();

  /** Members (`getmessage$0`) that user exceptions put in the place of Exception's own. */
  readonly exceptionOverrides = new Set<string>();

  constructor(input: CompileInput) {
    this.types = new TypeTable(input.catalogue, input.schema);
    this.members = new CatalogueMembers(this.types);
    this.supported = input.supported;
  }
}
