/** Every message of the compiler in one table; wording follows Salesforce's compiler where it has one. */
import type { Diagnostic } from './types.ts';

interface Entry {
  level: Diagnostic['level'];
  /** `{0}`, `{1}` … are replaced by the arguments. */
  template: string;
}

const error = (template: string): Entry => ({ level: 'error', template });

export const MESSAGES = {
  SYNTAX: error('{0}'),
  INTERNAL: error('Internal compiler error: {0}'),
  NOT_SUPPORTED: error('Not supported by the local org yet: {0}'),

  INVALID_TYPE: error('Invalid type: {0}'),
  DUPLICATE_TYPE: error('Duplicate class: {0}'),
  WRONG_UNIT: error('File {0} must declare {1} of the same name'),
  CLASS_EXTENDS_INTERFACE: error('Class {0} must implement an interface and extend a class: {1}'),
  NON_VIRTUAL_CLASS: error('Non-virtual and non-abstract type cannot be extended: {0}'),
  CYCLIC_INHERITANCE: error('Circular definition: {0}'),
  EXCEPTION_NAME: error("Classes extending Exception must have a name ending in 'Exception': {0}"),
  EXCEPTION_SUPERCLASS: error('Exception class must extend another Exception class: {0}'),
  EXTENDS_PLATFORM: error('Not supported by the local org yet: extending {0}'),
  MUST_IMPLEMENT: error('Class {0} must implement the method: {1}'),
  DUPLICATE_FIELD: error('Duplicate field: {0}'),
  DUPLICATE_METHOD: error('Method already defined: {0}'),
  DUPLICATE_VARIABLE: error('Duplicate variable: {0}'),
  NEEDS_OVERRIDE: error('Method must use the override keyword: {0}'),
  NOTHING_TO_OVERRIDE: error('Method does not override an ancestor method: {0}'),
  NOT_VIRTUAL: error('Non-virtual, non-abstract methods cannot be overridden: {0}'),
  OVERRIDE_RETURN: error('Method return type does not match the overridden method: {0}'),
  BODY_REQUIRED: error('Method must define a body: {0}'),
  BODY_NOT_ALLOWED: error('Abstract methods cannot have a body: {0}'),
  CONSTRUCTOR_NAME: error('Invalid constructor name: {0}'),
  MODIFIERS: error('Modifiers cannot be used together: {0}'),
  INNER_STATIC: error('Only top-level class members can be declared static: {0}'),

  UNKNOWN_VARIABLE: error('Variable does not exist: {0}'),
  UNKNOWN_METHOD: error('Method does not exist or incorrect signature: {0} {1} from the type {2}'),
  UNKNOWN_CONSTRUCTOR: error('Constructor not defined: [{0}].<Constructor>({1})'),
  ABSTRACT_NEW: error('Abstract classes cannot be constructed: {0}'),
  NOT_CONSTRUCTABLE: error('Type cannot be constructed: {0}'),
  NOT_VISIBLE_METHOD: error('Method is not visible: {0}'),
  NOT_VISIBLE_VARIABLE: error('Variable is not visible: {0}'),
  NOT_VISIBLE_TYPE: error('Type is not visible: {0}'),
  STATIC_NEEDED: error('Non static {0} cannot be referenced from a static context: {1}'),
  STATIC_THROUGH_INSTANCE: error('Static {0} cannot be referenced from a non static context: {1}'),
  NOT_WRITEABLE: error('Field is not writeable: {0}'),
  NOT_READABLE: error('Variable is not readable: {0}'),
  NOT_ASSIGNABLE: error('Expression cannot be assigned'),
  FINAL_ASSIGNED: error('Final members can only be assigned in their declaration, init blocks, or constructors: {0}'),
  NOT_A_STATEMENT: error('Expression cannot be a statement.'),
  VOID_VALUE: error('Illegal use of a void expression'),
  SUPER_ABSTRACT: error('Cannot call abstract method: {0}'),
  CONSTRUCTOR_CALL: error('Call to {0} must be the first statement in a constructor method'),

  ILLEGAL_ASSIGNMENT: error('Illegal assignment from {0} to {1}'),
  ILLEGAL_CONVERSION: error('Illegal conversion from {0} to {1}'),
  INCOMPATIBLE_CAST: error('Incompatible types since an instance of {0} is never an instance of {1}'),
  CONDITION_TYPE: error('Condition expression must be of type Boolean'),
  ARITHMETIC: error('Arithmetic expressions must use numeric arguments'),
  BOOLEAN_OPERATION: error('AND/OR operator can only be applied to Boolean expressions'),
  NOT_OPERATION: error('NOT operator can only be applied to Boolean expressions'),
  COMPARISON: error('Comparison arguments must be compatible types: {0}, {1}'),
  ORDERING: error('Comparison arguments must be comparable types: {0}, {1}'),
  TERNARY: error('Incompatible types in ternary operator: {0}, {1}'),
  INTEGER_RANGE: error('Illegal integer'),
  LONG_RANGE: error('Illegal long'),
  INDEX_TARGET: error('Expression must be a list type: {0}'),
  INITIAL_FIELD: error('Invalid initializer for an sObject: only Field = value is allowed'),

  RETURN_VALUE: error('Void method must not return a value'),
  RETURN_MISSING: error('Non-void method might not return a value or might have statement after a return statement.'),
  UNREACHABLE: error('Unreachable statement'),
  JUMP_OUTSIDE: error('{0} statement must be in a loop'),
  NOT_ITERABLE: error('Loop must iterate over a collection type: {0}'),
  THROW_TYPE: error('Throw expression must be of type exception: {0}'),
  CATCH_TYPE: error('Catch type must be an exception: {0}'),
  CATCH_UNREACHABLE: error('Exception type has already been caught: {0}'),
  SWITCH_TYPE: error(
    'Switch expression type {0} is not supported; it must be Integer, Long, String, SObject or an enum',
  ),
  WHEN_ENUM: error('Invalid enum value in when block: {0}'),
  WHEN_LITERAL: error('When value must be a literal of type {0}'),
  WHEN_DUPLICATE: error('Duplicate when value: {0}'),
  WHEN_ELSE: error('When else must be the last block'),
  DML_TYPE: error('DML requires SObject or SObject list type: {0}'),
  MERGE_TYPE: error('Invalid merge: master and duplicates must be records of one object'),
  RUN_AS: error('System.runAs needs one User: {0}'),

  TRIGGER_OBJECT: error('Invalid type: {0} is not an object that can have triggers'),
  TRIGGER_EVENT: error('Invalid trigger event: {0}'),

  UNKNOWN_OBJECT: error("sObject type '{0}' is not supported."),
  UNKNOWN_FIELD: error("No such column '{1}' on entity '{0}'."),
  UNKNOWN_RELATIONSHIP: error("Didn't understand relationship '{1}' in field path of entity '{0}'."),
  UNKNOWN_CHILDREN: error("Didn't understand relationship '{1}' in FROM part of query call on entity '{0}'."),
  FIELD_OF_OBJECT: error('Field does not exist: {1} on {0}'),
  EXTERNAL_ID: error('Invalid field for upsert: {0}'),
  SECURITY_ENFORCED: error('WITH SECURITY_ENFORCED is not allowed from API version 67.0 on: use WITH USER_MODE'),
  BIND_TYPE: error('Invalid bind expression type of {0}'),
} as const satisfies Record<string, Entry>;

export type DiagnosticCode = keyof typeof MESSAGES;

interface Place {
  line: number;
  column: number;
}

/** Collects the diagnostics of one unit; one place is reported once for one code. */
export class Diagnostics {
  readonly path: string;
  readonly list: Diagnostic[] = [];
  readonly #seen = new Set<string>();

  constructor(path: string) {
    this.path = path;
  }

  report(place: Place, code: DiagnosticCode, ...values: string[]): void {
    const { level, template } = MESSAGES[code];
    const message = template.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '');
    const key = `${place.line}:${place.column}:${message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.list.push({ code, level, message, path: this.path, line: place.line, column: place.column });
  }

  get failed(): boolean {
    return this.list.some((diagnostic) => diagnostic.level === 'error');
  }
}
