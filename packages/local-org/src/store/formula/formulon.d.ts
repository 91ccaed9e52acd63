/** The part of formulon that is used here: its grammar. It comes without types. */
declare module 'formulon' {
  export type FormulaNode =
    | { type: 'literal'; value: unknown; dataType: string }
    | { type: 'identifier'; name: string }
    | { type: 'callExpression'; id: string; arguments: FormulaNode[] }
    | { type: 'error'; errorType: string; message: string };
  export function ast(formula: string): FormulaNode;
}
