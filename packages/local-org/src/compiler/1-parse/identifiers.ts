/**
 * Names that a program may not declare although the grammar lets them through. Apex Reference Guide, "Reserved Keywords"; of the
 * words there, those that Salesforce's own language server (forcedotcom/apex-language-support, IdentifierValidator) refuses:
 * `limit`, `date` or `list` are names that programs have. Methods may be called anything that parses.
 */
import { ApexParserBaseListener, ApexParseTreeWalker } from '@apexdevtools/apex-parser';
import type {
  ApexParserRuleContext,
  CatchClauseContext,
  ClassDeclarationContext,
  EnhancedForControlContext,
  EnumConstantsContext,
  EnumDeclarationContext,
  FormalParameterContext,
  InterfaceDeclarationContext,
  MethodDeclarationContext,
  PropertyDeclarationContext,
  TriggerUnitContext,
  VariableDeclaratorContext,
} from '@apexdevtools/apex-parser';
import { atToken, type Lowering } from './lower/context.ts';

const RESERVED = new Set(
  (
    'array activate any autonomous begin bigdecimal bulk byte case cast char collect commit const default desc end export ' +
    'exception exit float goto group having hint int into inner import join loop number object outer of package parallel ' +
    'pragma retrieve rollback sort short super switch system synchronized transaction this then when'
  ).split(' '),
);
const RESERVED_TYPES = new Set(['apexpages', 'page']);
/** Ends with an underscore, or has two in a row. */
const MISSHAPEN = /__|_$/;
const MAX_LENGTH = 255;

type Named = ApexParserRuleContext | null;

class Declared extends ApexParserBaseListener {
  readonly #report: Lowering['report'];

  constructor(report: Lowering['report']) {
    super();
    this.#report = report;
  }

  enterClassDeclaration = (context: ClassDeclarationContext): void => this.#type(context.id());
  enterInterfaceDeclaration = (context: InterfaceDeclarationContext): void => this.#type(context.id());
  enterEnumDeclaration = (context: EnumDeclarationContext): void => this.#name(context.id());
  enterEnumConstants = (context: EnumConstantsContext): void => context.id_list().forEach((id) => this.#name(id));
  enterVariableDeclarator = (context: VariableDeclaratorContext): void => this.#name(context.id());
  enterFormalParameter = (context: FormalParameterContext): void => this.#name(context.id());
  enterPropertyDeclaration = (context: PropertyDeclarationContext): void => this.#name(context.id());
  enterEnhancedForControl = (context: EnhancedForControlContext): void => this.#name(context.id());
  enterCatchClause = (context: CatchClauseContext): void => this.#name(context.id());
  enterTriggerUnit = (context: TriggerUnitContext): void => this.#name(context.id(0));
  enterMethodDeclaration = (context: MethodDeclarationContext): void => this.#shape(context.id());

  #type(id: Named): void {
    this.#name(id);
    if (id !== null && RESERVED_TYPES.has(id.start.text.toLowerCase()))
      this.#report(atToken(id.start), `Identifier type is reserved: ${id.start.text}`);
  }

  #name(id: Named): void {
    this.#shape(id);
    if (id !== null && RESERVED.has(id.start.text.toLowerCase()))
      this.#report(atToken(id.start), `Identifier name is reserved: ${id.start.text}`);
  }

  #shape(id: Named): void {
    if (id === null) return;
    const { text } = id.start;
    if (MISSHAPEN.test(text)) this.#report(atToken(id.start), `Invalid character in identifier: ${text}`);
    else if (text.length > MAX_LENGTH) this.#report(atToken(id.start), `Identifier name is too long: ${text}`);
  }
}

/** Reports each declared name that Salesforce refuses. */
export function checkIdentifiers(tree: ApexParserRuleContext, report: Lowering['report']): void {
  ApexParseTreeWalker.DEFAULT.walk(new Declared(report), tree);
}
