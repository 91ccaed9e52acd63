/**
 * Apex as a tree of plain data: what the parser's tree is lowered to at once, and all that later
 * passes see. Being plain data it can be cached as JSON. Names keep the spelling of the source.
 */

/** 1-based, columns in UTF-16 code units. */
export interface Position {
  line: number;
  column: number;
}

export interface Name extends Position {
  text: string;
}

/** `Map<Id, List<Case>>`, `Outer.Inner`, `String[]`: parts from left to right, arrays as `List`. */
export interface TypeNode extends Position {
  parts: { name: string; arguments: TypeNode[] }[];
}

export interface Annotation extends Position {
  name: string;
  /** Lower-cased parameter names; a bare value stands under ''. */
  parameters: Record<string, string | boolean>;
}

export interface Modifiers {
  /** Lower-cased keywords: `public`, `static`, `with sharing`, … */
  words: string[];
  annotations: Annotation[];
}

// ---- expressions

export type LiteralType = 'Integer' | 'Long' | 'Decimal' | 'Double' | 'String' | 'Boolean' | 'null';

/** Numbers are kept as text: their ranges are the analyser's affair. */
export type Literal = Position & { kind: 'literal'; type: LiteralType; text: string };
export type NameExpression = Position & { kind: 'name'; name: string };
export type ThisExpression = Position & { kind: 'this' };
export type SuperExpression = Position & { kind: 'super' };
export type MemberExpression = Position & { kind: 'member'; target: Expression; name: string; safe: boolean };
export type IndexExpression = Position & { kind: 'index'; target: Expression; index: Expression };
/** `foo(1)`, `a.foo(1)`, `a?.foo(1)`. */
export type CallExpression = Position & {
  kind: 'call';
  target: Expression | null;
  name: string;
  safe: boolean;
  arguments: Expression[];
};
/** `this(1)` and `super(1)` in constructors. */
export type ConstructorCall = Position & { kind: 'constructorCall'; of: 'this' | 'super'; arguments: Expression[] };
export type NewExpression = Position & { kind: 'new'; type: TypeNode; arguments: Expression[] };
/** `new X[]{…}`, `new List<X>{…}`, `new Set<X>{…}`: `type` is the collection's. */
export type NewItems = Position & { kind: 'newItems'; type: TypeNode; items: Expression[] };
export type NewSized = Position & { kind: 'newSized'; type: TypeNode; size: Expression };
export type NewMapItems = Position & {
  kind: 'newMapItems';
  type: TypeNode;
  entries: { key: Expression; value: Expression }[];
};
export type CastExpression = Position & { kind: 'cast'; type: TypeNode; operand: Expression };
export type ParenExpression = Position & { kind: 'paren'; inner: Expression };
export type UnaryExpression = Position & { kind: 'unary'; operator: '+' | '-' | '!' | '~'; operand: Expression };
export type IncrementExpression = Position & {
  kind: 'increment';
  operator: '++' | '--';
  prefix: boolean;
  operand: Expression;
};
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '<<'
  | '>>'
  | '>>>'
  | '&'
  | '|'
  | '^'
  | '&&'
  | '||'
  | '??'
  | '<'
  | '>'
  | '<='
  | '>='
  | '=='
  | '!='
  | '==='
  | '!==';
export type BinaryExpression = Position & {
  kind: 'binary';
  operator: BinaryOperator;
  left: Expression;
  right: Expression;
};
export type AssignmentOperator = '=' | '+=' | '-=' | '*=' | '/=' | '&=' | '|=' | '^=' | '<<=' | '>>=' | '>>>=';
export type AssignExpression = Position & {
  kind: 'assign';
  operator: AssignmentOperator;
  target: Expression;
  value: Expression;
};
export type ConditionalExpression = Position & {
  kind: 'conditional';
  test: Expression;
  then: Expression;
  else: Expression;
};
export type InstanceOfExpression = Position & { kind: 'instanceOf'; operand: Expression; type: TypeNode };
/** `X.class`; `void.class` has no type. */
export type TypeLiteral = Position & { kind: 'typeLiteral'; type: TypeNode | null };
export type SoqlExpression = Position & { kind: 'soql'; query: SoqlQuery; text: string; binds: Expression[] };
export type SoslExpression = Position & { kind: 'sosl'; text: string; binds: Expression[] };

export type Expression =
  | Literal
  | NameExpression
  | ThisExpression
  | SuperExpression
  | MemberExpression
  | IndexExpression
  | CallExpression
  | ConstructorCall
  | NewExpression
  | NewItems
  | NewSized
  | NewMapItems
  | CastExpression
  | ParenExpression
  | UnaryExpression
  | IncrementExpression
  | BinaryExpression
  | AssignExpression
  | ConditionalExpression
  | InstanceOfExpression
  | TypeLiteral
  | SoqlExpression
  | SoslExpression;

// ---- SOQL: what the analyser checks against the schema; the text goes to the store as it is

export interface SoqlField extends Position {
  path: string[];
  /** Given by `AS`-less alias in aggregates: `COUNT(Id) total`. */
  alias?: string;
}

export interface SoqlFunction extends Position {
  /** Lower-cased: `count`, `max`, `format`, `fields`. */
  name: string;
  /** Fields that it reads. */
  fields: SoqlField[];
  alias?: string;
}

export interface SoqlQuery extends Position {
  from: SoqlField;
  fields: SoqlField[];
  functions: SoqlFunction[];
  /** Child sub-selects in the select list. */
  children: SoqlQuery[];
  typeOf: { field: SoqlField; whens: { object: Name; fields: SoqlField[] }[]; elseFields: SoqlField[] }[];
  /** Semi-joins in the where clause. */
  semiJoins: SoqlQuery[];
  /** Fields of where, group by and order by. */
  otherFields: SoqlField[];
  grouped: boolean;
  /** `SELECT COUNT() FROM …` */
  countOnly: boolean;
  securityEnforced: boolean;
}

// ---- statements

export type Block = Position & { kind: 'block'; statements: Statement[] };
export interface VariableDeclarator extends Position {
  name: string;
  initial: Expression | null;
}
export type LocalVariables = Position & {
  kind: 'local';
  type: TypeNode;
  final: boolean;
  declarators: VariableDeclarator[];
};
export type ExpressionStatement = Position & { kind: 'expression'; expression: Expression };
export type IfStatement = Position & { kind: 'if'; test: Expression; then: Statement; else: Statement | null };
export type ForStatement = Position & {
  kind: 'for';
  init: LocalVariables | Expression[] | null;
  test: Expression | null;
  update: Expression[];
  body: Statement | null;
};
export type ForEachStatement = Position & {
  kind: 'forEach';
  type: TypeNode;
  name: string;
  source: Expression;
  body: Statement | null;
};
export type WhileStatement = Position & { kind: 'while'; test: Expression; body: Statement | null };
export type DoWhileStatement = Position & { kind: 'doWhile'; body: Block; test: Expression };
export interface WhenClause extends Position {
  values: WhenValue[] | null;
  /** `when Account a {…}` */
  type: TypeNode | null;
  name: string | null;
  body: Block;
}
/** A literal or the name of an enum constant. */
export type WhenValue = Literal | (Position & { kind: 'constant'; path: string[] });
/** `when else` is the clause with neither values nor type. */
export type SwitchStatement = Position & { kind: 'switch'; subject: Expression; whens: WhenClause[] };
export type CatchClause = Position & { type: TypeNode; name: string; body: Block };
export type TryStatement = Position & { kind: 'try'; body: Block; catches: CatchClause[]; finally: Block | null };
export type ReturnStatement = Position & { kind: 'return'; value: Expression | null };
export type ThrowStatement = Position & { kind: 'throw'; value: Expression };
export type JumpStatement = Position & { kind: 'break' | 'continue' };
export type DmlAccess = 'user' | 'system' | null;
export type DmlStatement = Position & {
  kind: 'dml';
  operation: 'insert' | 'update' | 'upsert' | 'delete' | 'undelete';
  access: DmlAccess;
  records: Expression;
  /** Field to match by: `upsert cases Case.Key__c` or `upsert cases Key__c`. */
  externalId: string[] | null;
};
export type MergeStatement = Position & {
  kind: 'merge';
  access: DmlAccess;
  master: Expression;
  duplicates: Expression;
};
export type RunAsStatement = Position & { kind: 'runAs'; user: Expression; body: Block };

export type Statement =
  | Block
  | LocalVariables
  | ExpressionStatement
  | IfStatement
  | ForStatement
  | ForEachStatement
  | WhileStatement
  | DoWhileStatement
  | SwitchStatement
  | TryStatement
  | ReturnStatement
  | ThrowStatement
  | JumpStatement
  | DmlStatement
  | MergeStatement
  | RunAsStatement;

// ---- declarations

export interface Parameter extends Position {
  name: string;
  type: TypeNode;
  final: boolean;
}

export type MethodDeclaration = Position & {
  kind: 'method';
  name: string;
  modifiers: Modifiers;
  /** Null for void. */
  returns: TypeNode | null;
  parameters: Parameter[];
  body: Block | null;
};
export type ConstructorDeclaration = Position & {
  kind: 'constructor';
  name: string;
  modifiers: Modifiers;
  parameters: Parameter[];
  body: Block;
};
export type FieldDeclaration = Position & {
  kind: 'field';
  modifiers: Modifiers;
  type: TypeNode;
  declarators: VariableDeclarator[];
};
export interface Accessor extends Position {
  modifiers: Modifiers;
  /** Null for `get;`. */
  body: Block | null;
}
export type PropertyDeclaration = Position & {
  kind: 'property';
  name: string;
  modifiers: Modifiers;
  type: TypeNode;
  getter: Accessor | null;
  setter: Accessor | null;
};
export type InitializerDeclaration = Position & { kind: 'initializer'; static: boolean; body: Block };
export type ClassDeclaration = Position & {
  kind: 'class';
  name: string;
  modifiers: Modifiers;
  superclass: TypeNode | null;
  interfaces: TypeNode[];
  members: Member[];
};
export type InterfaceDeclaration = Position & {
  kind: 'interface';
  name: string;
  modifiers: Modifiers;
  interfaces: TypeNode[];
  members: MethodDeclaration[];
};
export type EnumDeclaration = Position & { kind: 'enum'; name: string; modifiers: Modifiers; constants: Name[] };

export type TypeDeclaration = ClassDeclaration | InterfaceDeclaration | EnumDeclaration;
export type Member =
  | MethodDeclaration
  | ConstructorDeclaration
  | FieldDeclaration
  | PropertyDeclaration
  | InitializerDeclaration
  | TypeDeclaration;

export type TriggerDeclaration = Position & {
  kind: 'trigger';
  name: string;
  object: Name;
  events: string[];
  members: Member[];
  body: Statement[];
};
export type AnonymousDeclaration = Position & { kind: 'anonymous'; members: Member[]; body: Statement[] };

export type UnitDeclaration = TypeDeclaration | TriggerDeclaration | AnonymousDeclaration;
