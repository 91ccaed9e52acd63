import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Expression, Statement } from '../../src/compiler/1-parse/ast.ts';
import { shortMessage } from '../../src/compiler/1-parse/syntax-errors.ts';
import { parse } from '../../src/compiler/index.ts';

function statements(text: string): Statement[] {
  const { declaration, errors } = parse('anonymous', text);
  assert.deepEqual(errors, []);
  assert.equal(declaration?.kind, 'anonymous');
  return declaration.kind === 'anonymous' ? declaration.body : [];
}

/** The value of `x = …;`. */
function value(text: string): Expression {
  const [statement] = statements(`x = ${text};`);
  assert.ok(statement?.kind === 'expression' && statement.expression.kind === 'assign');
  return statement.expression.value;
}

/** A tree of operators as text with all its parentheses. */
function grouped(e: Expression): string {
  if (e.kind === 'binary') return `(${grouped(e.left)} ${e.operator} ${grouped(e.right)})`;
  if (e.kind === 'unary') return `(${e.operator}${grouped(e.operand)})`;
  if (e.kind === 'cast') return `cast(${e.type.parts.map((part) => part.name).join('.')}, ${grouped(e.operand)})`;
  if (e.kind === 'member') return `${grouped(e.target)}.${e.name}`;
  if (e.kind === 'paren') return grouped(e.inner);
  if (e.kind === 'name') return e.name;
  return e.kind === 'literal' ? e.text : e.kind;
}

describe('expressions', () => {
  const cases: [string, string][] = [
    ['a + b * c', '(a + (b * c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a == b && c || d', '(((a == b) && c) || d)'],
    ['a ?? b ?? c', '((a ?? b) ?? c)'],
    ['(a) - b', '(a - b)'],
    ['(a.b) - 1 * 2', '(a.b - (1 * 2))'],
    ['1 * (a) - b', '((1 * a) - b)'],
    ['1 + (a) - b * 2', '((1 + a) - (b * 2))'],
    ['(a) + b - c', '((a + b) - c)'],
    ['(Integer) -b', 'cast(Integer, (-b))'],
    ['(Decimal) -1 * 2', '(cast(Decimal, (-1)) * 2)'],
    ['(Foo) b', 'cast(Foo, b)'],
    ['a >>> 1 << 2', '((a >>> 1) << 2)'],
    ['a <> b', '(a != b)'],
  ];
  for (const [text, expected] of cases) test(text, () => assert.equal(grouped(value(text)), expected));
});

describe('literals', () => {
  test('escapes are resolved', () => {
    const literal = value("'a\\n\\'\\u0041\\\\'");
    assert.equal(literal.kind === 'literal' && literal.text, "a\n'A\\");
  });

  test('a text block begins after its first line break', () => {
    const literal = value("'''\nfirst\n  it''s\n'''");
    assert.equal(literal.kind === 'literal' && literal.text, "first\n  it''s\n");
  });
});

describe('positions', () => {
  test('columns count UTF-16 code units', () => {
    const [statement] = statements("foo('\u{1F600}', bar);");
    assert.ok(statement?.kind === 'expression' && statement.expression.kind === 'call');
    assert.deepEqual(
      statement.expression.arguments.map(({ line, column }) => [line, column]),
      [
        [1, 5],
        [1, 11],
      ],
    );
  });

  test('errors tell line and column', () => {
    assert.deepEqual(parse('class', 'class A {\n  void b( {}\n}').errors, [
      { line: 2, column: 11, message: "Unexpected token '{'" },
    ]);
  });
});

describe('queries', () => {
  test('the text has no comments, and binds by number', () => {
    const query = value(
      '[SELECT Id, // the id\n  Name FROM Case /* all */ WHERE Id IN :ids AND Name = :names.get(0) LIMIT :1 + 1]',
    );
    assert.ok(query.kind === 'soql');
    assert.equal(query.text, 'SELECT Id, Name FROM Case WHERE Id IN :b0 AND Name = :b1 LIMIT :b2');
    assert.deepEqual(
      query.binds.map((bind) => bind.kind),
      ['name', 'call', 'binary'],
    );
  });

  test('strings keep their blanks', () => {
    const query = value("[SELECT Id FROM Case WHERE Name = 'a  // b']");
    assert.equal(query.kind === 'soql' && query.text, "SELECT Id FROM Case WHERE Name = 'a  // b'");
  });
});

describe('parsed units', () => {
  const text =
    'public class A { Integer a = (b) - 1; void c() { for (Case d : [SELECT Id FROM Case]) { d.Name += 1L; } } }';

  test('are plain data', () => {
    const parsed = parse('class', text);
    assert.deepEqual(JSON.parse(JSON.stringify(parsed)), parsed);
  });

  test('keep their declarations after an error', () => {
    const { declaration, errors } = parse('class', 'class A { Integer a() { return ; ; x } Integer b; }');
    assert.equal(errors.length > 0, true);
    assert.equal(declaration?.kind === 'class' && declaration.name, 'A');
  });

  test('of nothing are nothing', () => {
    const { declaration, errors } = parse('class', '');
    assert.equal(declaration, null);
    assert.deepEqual(errors, [{ line: 1, column: 1, message: 'Unexpected token end of file' }]);
  });
});

test('messages of the parser are made short', () => {
  assert.equal(shortMessage("mismatched input ';' expecting {'a', 'b', Identifier}"), "Unexpected token ';'");
  assert.equal(shortMessage("missing ')' at '{'"), "Missing ')' before '{'");
  assert.equal(shortMessage("no viable alternative at input 'Integer a b'"), "Unexpected token 'b'");
  assert.equal(shortMessage("token recognition error at: '#'"), "Invalid character '#'");
});
