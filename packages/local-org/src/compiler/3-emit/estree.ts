/** Builders of ESTree nodes. `line` is the Apex line; the printer turns it into the line map. */

export interface Node {
  type: string;
  line?: number;
  [property: string]: unknown;
}

export const id = (name: string): Node => ({ type: 'Identifier', name });

export const literal = (value: string | number | boolean | null): Node =>
  typeof value === 'number' && value < 0
    ? { type: 'UnaryExpression', operator: '-', prefix: true, argument: { type: 'Literal', value: -value } }
    : { type: 'Literal', value, ...(typeof value === 'string' ? { raw: JSON.stringify(value) } : {}) };

export const bigint = (value: bigint): Node =>
  value < 0n
    ? { type: 'UnaryExpression', operator: '-', prefix: true, argument: bigint(-value) }
    : { type: 'Literal', value: null, bigint: String(value), raw: `${value}n` };

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export const member = (object: Node, name: string): Node =>
  IDENTIFIER.test(name)
    ? { type: 'MemberExpression', object, property: id(name), computed: false, optional: false }
    : { type: 'MemberExpression', object, property: literal(name), computed: true, optional: false };

/** `a.b.c` */
export const path = (root: string, ...names: string[]): Node => names.reduce(member, id(root));

export const call = (callee: Node, args: Node[], line?: number): Node => ({
  type: 'CallExpression',
  callee,
  arguments: args,
  optional: false,
  line,
});

export const create = (callee: Node, args: Node[], line?: number): Node => ({
  type: 'NewExpression',
  callee,
  arguments: args,
  line,
});

export const array = (elements: Node[]): Node => ({ type: 'ArrayExpression', elements });

export const object = (entries: [string, Node][]): Node => ({
  type: 'ObjectExpression',
  properties: entries.map(([name, value]) => ({
    type: 'Property',
    kind: 'init',
    computed: false,
    method: false,
    shorthand: false,
    key: IDENTIFIER.test(name) ? id(name) : literal(name),
    value,
  })),
});

export const assign = (left: Node, right: Node): Node => ({ type: 'AssignmentExpression', operator: '=', left, right });

export const binary = (operator: string, left: Node, right: Node): Node => ({
  type: 'BinaryExpression',
  operator,
  left,
  right,
});

export const logical = (operator: string, left: Node, right: Node): Node => ({
  type: 'LogicalExpression',
  operator,
  left,
  right,
});

export const not = (argument: Node): Node => ({ type: 'UnaryExpression', operator: '!', prefix: true, argument });

export const conditional = (test: Node, consequent: Node, alternate: Node): Node => ({
  type: 'ConditionalExpression',
  test,
  consequent,
  alternate,
});

export const sequence = (expressions: Node[]): Node =>
  expressions.length === 1 ? expressions[0]! : { type: 'SequenceExpression', expressions };

export const thisNode = (): Node => ({ type: 'ThisExpression' });

export const superNode = (): Node => ({ type: 'Super' });

export const arrow = (params: Node[], body: Node): Node => ({
  type: 'ArrowFunctionExpression',
  params,
  body,
  expression: body.type !== 'BlockStatement',
  async: false,
  generator: false,
});

// ---- statements

export const statement = (expression: Node, line?: number): Node => ({ type: 'ExpressionStatement', expression, line });

export const block = (body: Node[], line?: number): Node => ({ type: 'BlockStatement', body, line });

export const declare = (kind: 'const' | 'let', name: string, init: Node | null, line?: number): Node => ({
  type: 'VariableDeclaration',
  kind,
  declarations: [{ type: 'VariableDeclarator', id: id(name), init }],
  line,
});

/** `let a, b;` or nothing. */
export const declareAll = (names: string[]): Node[] =>
  names.length === 0
    ? []
    : [
        {
          type: 'VariableDeclaration',
          kind: 'let',
          declarations: names.map((name) => ({ type: 'VariableDeclarator', id: id(name), init: null })),
        },
      ];

export const ifStatement = (test: Node, consequent: Node, alternate: Node | null, line?: number): Node => ({
  type: 'IfStatement',
  test,
  consequent,
  alternate,
  line,
});

export const returns = (argument: Node | null, line?: number): Node => ({ type: 'ReturnStatement', argument, line });

export const throws = (argument: Node, line?: number): Node => ({ type: 'ThrowStatement', argument, line });

export const tryStatement = (body: Node, handler: Node | null, finalizer: Node | null, line?: number): Node => ({
  type: 'TryStatement',
  block: body,
  handler,
  finalizer,
  line,
});

export const catchClause = (name: string, body: Node): Node => ({ type: 'CatchClause', param: id(name), body });

// ---- functions and classes

export const functionNode = (params: string[], body: Node[], name: string | null = null): Node => ({
  type: 'FunctionExpression',
  id: name === null ? null : id(name),
  params: params.map(id),
  body: block(body),
  async: false,
  generator: false,
});

export type MethodKind = 'method' | 'get' | 'set' | 'constructor';

export const method = (name: string, kind: MethodKind, isStatic: boolean, params: string[], body: Node[]): Node => ({
  type: 'MethodDefinition',
  key: id(name),
  kind,
  static: isStatic,
  computed: false,
  value: functionNode(params, body),
});

export const staticField = (name: string, value: Node): Node => ({
  type: 'PropertyDefinition',
  key: id(name),
  value,
  static: true,
  computed: false,
});

export const classNode = (name: string, superClass: Node | null, body: Node[]): Node => ({
  type: 'ClassDeclaration',
  id: id(name),
  superClass,
  body: { type: 'ClassBody', body },
});
