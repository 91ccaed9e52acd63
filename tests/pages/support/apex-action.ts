/**
 * A component's call of an @AuraEnabled method, as anonymous Apex: the local org has no Aura endpoint. So the person
 * needs Author Apex here, where Salesforce asks for access to the class. Anonymous Apex answers nothing but an exception,
 * so that is how a value comes back: what such a method saved would be lost. Methods that save return nothing.
 */
import { globSync, readFileSync } from 'node:fs';
import { mustSucceed, type Answer, type OrgSession } from './org-session.ts';

type Parameters = Record<string, unknown>;

export const apexAction = async (session: OrgSession, method: string, given: Parameters): Promise<Answer> => {
  const { parameters, isVoid } = declarationOf(method);
  const args = parameters.map(({ type, name }) => {
    const literal = JSON.stringify(JSON.stringify(given[name] ?? null)).slice(1, -1);
    return `(${type}) JSON.deserialize('${literal.replaceAll("'", "\\'")}', ${type}.class)`;
  });
  const call = `${method}(${args.join(', ')})`;
  const apex = encodeURIComponent(isVoid ? `${call};` : returning(call));
  const run = await mustSucceed(session)('GET', `/tooling/executeAnonymous?anonymousBody=${apex}`);
  if (run.success) return { status: 200, body: null };
  const message = ((run.compileProblem ?? run.exceptionMessage) as string).replace(
    /^System\.AuraHandledException: /,
    '',
  );
  if (message.startsWith(VALUE)) return { status: 200, body: JSON.parse(message.slice(VALUE.length)) };
  return { status: 500, body: { message } };
};

const VALUE = 'returned: ';

/** Throws what the call returns, as JSON. */
const returning = (call: string): string =>
  `Object value = ${call};
AuraHandledException answer = new AuraHandledException('');
answer.setMessage('${VALUE}' + JSON.serialize(value));
throw answer;`;

interface Declaration {
  /** In the order of the method's declaration, which is not the order that a component gives them in. */
  parameters: { type: string; name: string }[];
  isVoid: boolean;
}

const declarationOf = (method: string): Declaration => {
  const [className, methodName] = method.split('.');
  const [file] = globSync(`force-app/*/main/**/classes/**/${className}.cls`);
  if (file === undefined) throw new Error(`there is no class ${className}`);
  const declared = new RegExp(`@AuraEnabled[^;{]*?static\\s+(\\S+)\\s+${methodName}\\s*\\(([^)]*)\\)`, 'i');
  const [, returned, list = ''] = declared.exec(readFileSync(file, 'utf8')) ?? [];
  if (returned === undefined) throw new Error(`${method} is not an @AuraEnabled static method`);
  const parameters = list
    .split(',')
    .map((parameter) => parameter.trim())
    .filter(Boolean)
    .map((parameter) => {
      const [, type = '', name = ''] = /^(?:final\s+)?(.+?)\s+(\w+)$/.exec(parameter) ?? [];
      return { type, name };
    });
  return { parameters, isVoid: returned.toLowerCase() === 'void' };
};
