/** SOQL as the planner sees it: what was asked for, with the places that errors point to. */

/** 1-based line and column in the query text. */
export interface Position {
  line: number;
  column: number;
}

/** A field through relationships: `Account.Owner.Name`. */
export interface Path {
  kind: 'path';
  parts: string[];
  position: Position;
}

/** `COUNT(Id)`, `CALENDAR_YEAR(CreatedDate)`; names are upper-case. */
export interface Call {
  kind: 'call';
  name: string;
  argument: Path | Call | null;
  position: Position;
}

export type Expression = Path | Call;

export interface DateFormula {
  kind: 'dateFormula';
  /** `TODAY`, `LAST_N_DAYS` … */
  name: string;
  /** For the forms with `:n`. */
  count: number;
}

export type Literal =
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'number'; value: number; integral: boolean }
  | { kind: 'string'; value: string }
  /** `YYYY-MM-DD`. */
  | { kind: 'date'; value: string }
  /** Epoch milliseconds. */
  | { kind: 'datetime'; value: number }
  /** Milliseconds of the day. */
  | { kind: 'time'; value: number };

export interface Bind {
  kind: 'bind';
  /** The bound expression without its colon and white space, lower-cased. */
  name: string;
  position: Position;
}

export type Scalar = (Literal | DateFormula | Bind) & { position: Position };

export type Operand = Scalar | { kind: 'list'; items: Scalar[] } | { kind: 'query'; query: Query; position: Position };

export type Comparison = '=' | '!=' | '<' | '>' | '<=' | '>=' | 'LIKE' | 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES';

export type Condition =
  | { kind: 'and' | 'or'; conditions: Condition[] }
  | { kind: 'not'; condition: Condition }
  | { kind: 'compare'; left: Expression; operator: Comparison; right: Operand };

export type SelectItem =
  | { kind: 'field'; path: Path; alias: string | null }
  | { kind: 'function'; call: Call; alias: string | null }
  | { kind: 'fields'; which: 'ALL' | 'STANDARD' | 'CUSTOM'; position: Position }
  | { kind: 'children'; query: Query };

export interface OrderItem {
  expression: Expression;
  descending: boolean;
  nulls: 'first' | 'last';
}

export interface Query {
  /** The whole text, for messages. */
  text: string;
  select: SelectItem[];
  /** An object, or in a child query the name of the relationship. */
  from: string;
  fromPosition: Position;
  alias: string | null;
  scope: string | null;
  where: Condition | null;
  mode: 'USER_MODE' | 'SYSTEM_MODE' | 'SECURITY_ENFORCED' | null;
  groupBy: Expression[];
  having: Condition | null;
  orderBy: OrderItem[];
  limit: number | Bind | null;
  offset: number | Bind | null;
  allRows: boolean;
  forUpdate: boolean;
}
