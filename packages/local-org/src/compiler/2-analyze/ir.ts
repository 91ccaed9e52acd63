/**
 * The analysed program: every name is resolved, every conversion is explicit, every operation says
 * which function does it. What is left for the emitter is to write it down as JavaScript.
 */
import type { Position } from '../1-parse/ast.ts';
import type { ConstructorSymbol, FieldSymbol, MethodSymbol, UserType, Type } from './symbols.ts';

/** A local variable, parameter or temporary. Each is one JavaScript variable. */
export interface Variable {
  /** JavaScript name. */
  name: string;
  type: Type;
  final: boolean;
}

interface Base extends Position {
  type: Type;
}

export type Constant = Base & { kind: 'constant'; value: null | boolean | number | bigint | string };
/** A Decimal or Double literal: made once per module. */
export type BoxedNumber = Base & { kind: 'boxed'; text: string };
export type Local = Base & { kind: 'local'; variable: Variable };
export type This = Base & { kind: 'this' };
/** Field or property of a user class; static without a target. */
export type Field = Base & { kind: 'field'; target: Expression | null; field: FieldSymbol; storage: boolean };
/**
 * Field of a record, parent record or child records: `$.sget`, `$.srel`, `$.schildren`. With a parent
 * record that is null the field is null too, no NullPointerException.
 */
export type RecordField = Base & {
  kind: 'recordField';
  target: Expression;
  name: string;
  access: 'sget' | 'srel' | 'schildren';
};
/** Property of a platform type: `$.std[owner].p` or `.sp`. */
export type PlatformProperty = Base & {
  kind: 'platformProperty';
  owner: string;
  target: Expression | null;
  name: string;
};
export type Item = Base & { kind: 'item'; list: Expression; index: Expression };
export type TriggerVariable = Base & { kind: 'triggerVariable'; name: string };
export type EnumConstant = Base & { kind: 'enumConstant'; owner: UserType; name: string };
export type ClassObject = Base & { kind: 'classObject'; owner: UserType };

export type UserCall = Base & {
  kind: 'userCall';
  method: MethodSymbol;
  /** Null for static methods. */
  target: Expression | 'super' | null;
  args: Expression[];
};
export type PlatformCall = Base & {
  kind: 'platformCall';
  owner: string;
  name: string;
  target: Expression | null;
  args: Expression[];
};
/** `$.name(…)` */
export type RuntimeCall = Base & { kind: 'runtime'; name: string; args: Expression[] };
/** `$.ops.name(…)` */
export type OperatorCall = Base & { kind: 'ops'; name: string; args: Expression[] };
export type ArrayOf = Base & { kind: 'array'; items: Expression[] };
/** A plain JavaScript object, for options of the runtime. */
export type ObjectOf = Base & { kind: 'object'; entries: NamedValue[] };
export type NewUser = Base & { kind: 'newUser'; constructor_: ConstructorSymbol; args: Expression[] };
export type NewPlatform = Base & { kind: 'newPlatform'; owner: string; typeArguments: string[]; args: Expression[] };
export type NewRecord = Base & { kind: 'newRecord'; object: string; fields: NamedValue[]; parents: NamedValue[] };

export interface NamedValue {
  name: string;
  value: Expression;
}

export type Logical = Base & { kind: 'logical'; operator: '&&' | '||' | '??'; left: Expression; right: Expression };
export type Not = Base & { kind: 'not'; operand: Expression };
/** JavaScript's own `===` and so on, between values for which they are right. */
export type Native = Base & {
  kind: 'native';
  operator: '===' | '!==' | '<' | '>' | '<=' | '>=';
  left: Expression;
  right: Expression;
};
export type Conditional = Base & { kind: 'conditional'; test: Expression; then: Expression; else: Expression };
export type Assign = Base & { kind: 'assign'; target: Assignable; value: Expression };
/** Evaluates `values` into temporaries, then the body. */
export type Let = Base & { kind: 'let'; bindings: { variable: Variable; value: Expression }[]; body: Expression };
/** `target?.rest`: null when the target is null. The rest reads the temporary. */
export type Safe = Base & { kind: 'safe'; variable: Variable; target: Expression; body: Expression };
/** `i++`: the old value as the result; `variable` holds it meanwhile. */
export type PostIncrement = Base & { kind: 'postIncrement'; variable: Variable; read: Expression; write: Expression };

export type Assignable = Local | Field | RecordField | PlatformProperty | Item;

export type Expression =
  | Constant
  | BoxedNumber
  | Local
  | This
  | Field
  | RecordField
  | PlatformProperty
  | Item
  | TriggerVariable
  | EnumConstant
  | ClassObject
  | UserCall
  | PlatformCall
  | RuntimeCall
  | OperatorCall
  | ArrayOf
  | ObjectOf
  | NewUser
  | NewPlatform
  | NewRecord
  | Logical
  | Not
  | Native
  | Conditional
  | Assign
  | Let
  | Safe
  | PostIncrement;

// ---- statements

export type Statement = Position &
  (
    | { kind: 'block'; body: Statement[] }
    | { kind: 'declare'; variable: Variable; value: Expression }
    | { kind: 'evaluate'; expression: Expression }
    | { kind: 'if'; test: Expression; then: Statement; else: Statement | null }
    | {
        kind: 'loop';
        init: Statement[];
        test: Expression | null;
        update: Expression[];
        body: Statement;
        testFirst: boolean;
      }
    /** `source` is a JavaScript iterable. */
    | { kind: 'forEach'; variable: Variable; source: Expression; body: Statement }
    | {
        kind: 'try';
        body: Statement;
        catches: { variable: Variable; type: Type; body: Statement }[];
        finally: Statement | null;
      }
    | { kind: 'return'; value: Expression | null }
    | { kind: 'throw'; value: Expression }
    | { kind: 'break' }
    | { kind: 'continue' }
    | { kind: 'runAs'; user: Expression; body: Statement; variable: Variable }
    | {
        kind: 'superConstructor';
        constructor_: ConstructorSymbol | null;
        of: 'this' | 'super';
        args: Expression[];
        written: boolean;
      }
  );

// ---- declarations

export interface Method {
  symbol: MethodSymbol;
  parameters: Variable[];
  body: Statement[];
  temporaries: Variable[];
}

export interface Constructor {
  symbol: ConstructorSymbol;
  parameters: Variable[];
  /** Begins with the explicit `this(…)` or `super(…)` call, when there is one. */
  body: Statement[];
  temporaries: Variable[];
}

export interface Accessor {
  field: FieldSymbol;
  parameter: Variable | null;
  /** Null for `get;` and `set;`. */
  body: Statement[] | null;
  temporaries: Variable[];
  place: Position;
}

export interface Initializers {
  body: Statement[];
  temporaries: Variable[];
}

export interface Class {
  symbol: UserType;
  methods: Method[];
  constructors: Constructor[];
  getters: Accessor[];
  setters: Accessor[];
  staticInit: Initializers;
  instanceInit: Initializers;
  inner: Class[];
}

export interface Script {
  body: Statement[];
  temporaries: Variable[];
}

export interface AnalysedUnit {
  type: Class;
  /** For triggers and anonymous Apex. */
  script: Script | null;
}
