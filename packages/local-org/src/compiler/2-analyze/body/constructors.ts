/** Constructors of user classes; exceptions have four of their own. */
import type { ConstructorSymbol, UserType } from '../symbols.ts';
import { isException } from '../types/ancestors.ts';
import type { Type } from '../types/type.ts';
import type { Body } from './body.ts';
import type { Candidate } from './overloads.ts';

/** JavaScript member of an exception class that takes `()`, `(message)`, `(cause)` and `(message, cause)`. */
export const EXCEPTION_CONSTRUCTOR = '$new$exception';

function* exceptionConstructors(b: Body, owner: UserType): Generator<Candidate<ConstructorSymbol>> {
  const { string } = b.types;
  const exception = b.types.platform('exception');
  const lists: Type[][] = [[], [string], [exception], [string, exception]];
  for (const parameters of lists) {
    const member: ConstructorSymbol = {
      owner,
      access: 'global',
      testVisible: false,
      parameters: parameters.map((type, i) => ({ name: `p${i}`, type })),
      member: EXCEPTION_CONSTRUCTOR,
      declaration: null,
    };
    yield { parameters, member };
  }
}

export function* constructorCandidates(b: Body, type: UserType): Generator<Candidate<ConstructorSymbol>> {
  const exception = isException(b.types, type.type);
  for (const member of type.constructors) {
    if (exception && member.declaration === null) continue;
    yield { parameters: member.parameters.map((parameter) => parameter.type), member };
  }
  if (exception) yield* exceptionConstructors(b, type);
}
