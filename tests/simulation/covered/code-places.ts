import ts from 'typescript';

/** A place in a text that runs or does not. */
export interface Place {
  /** Index of a code unit. */
  at: number;
  /** From 1. */
  line: number;
  /** A function's name, or of the one that it is part of. */
  name?: string;
}

export interface CodePlaces {
  /** The first statement that begins on each line that has one. */
  lines: Place[];
  functions: Place[];
}

const isTypeOnly = (node: ts.Node): boolean =>
  ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);

/** What Node's type stripping leaves nothing of, or what only holds other statements. */
const runsNothing = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isBlock(node) || ts.isEmptyStatement(node);

const nameOf = (node: ts.Node): string | undefined => {
  for (let at: ts.Node = node; at.parent; at = at.parent) {
    const { name } = at as { name?: ts.Node };
    if (name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return name.text;
    if (ts.isConstructorDeclaration(at)) return 'constructor';
  }
  return undefined;
};

/** The lines and functions of a TypeScript module that run or do not: statements, and the bodies of functions. */
export const codePlaces = (text: string): CodePlaces => {
  const file = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
  const lines = new Map<number, Place>();
  const functions: Place[] = [];
  const placeOf = (node: ts.Node): Place => {
    const at = node.getStart(file);
    return { at, line: file.getLineAndCharacterOfPosition(at).line + 1 };
  };
  const addLine = (node: ts.Node): void => {
    const place = placeOf(node);
    if (!lines.has(place.line)) lines.set(place.line, place);
  };
  const visit = (node: ts.Node): void => {
    if (isTypeOnly(node)) return;
    if (ts.isStatement(node) && !runsNothing(node) && !ts.isFunctionDeclaration(node)) addLine(node);
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const body = node.body as ts.Node;
      if (!ts.isBlock(body)) addLine(body);
      const name = nameOf(node);
      functions.push({ ...placeOf(body), ...(name === undefined ? {} : { name }) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { lines: [...lines.values()].toSorted((a, b) => a.line - b.line), functions };
};
