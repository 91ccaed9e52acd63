/**
 * A component's call of an @AuraEnabled method, as anonymous Apex: the local org has no Aura endpoint. So the person
 * needs Author Apex here, where Salesforce asks for access to the class.
 */
import { globSync, readFileSync } from 'node:fs';
import { mustSucceed, type Answer, type OrgSession } from './org-session.ts';

type Parameters = Record<string, unknown>;

export const apexAction = async (session: OrgSession, method: string, given: Parameters): Promise<Answer> => {
  const args = parametersOf(method).map(({ type, name }) => {
    const literal = JSON.stringify(JSON.stringify(given[name] ?? null)).slice(1, -1);
    return `(${type}) JSON.deserialize('${literal.replaceAll("'", "\\'")}', ${type}.class)`;
  });
  const apex = encodeURIComponent(`${method}(${args.join(', ')});`);
  const run = await mustSucceed(session)('GET', `/tooling/executeAnonymous?anonymousBody=${apex}`);
  if (run.success) return { status: 200, body: null };
  const message = (run.compileProblem ?? run.exceptionMessage) as string;
  return { status: 500, body: { message: message.replace(/^System\.AuraHandledException: /, '') } };
};

/** In the order of the method's declaration, which is not the order that a component gives them in. */
const parametersOf = (method: string): { type: string; name: string }[] => {
  const [className, methodName] = method.split('.');
  const [file] = globSync(`force-app/*/main/**/classes/**/${className}.cls`);
  if (file === undefined) throw new Error(`there is no class ${className}`);
  const declared = new RegExp(`@AuraEnabled[^;{]*?static\\s+(\\S+)\\s+${methodName}\\s*\\(([^)]*)\\)`, 'i');
  const [, returned, list = ''] = declared.exec(readFileSync(file, 'utf8')) ?? [];
  if (returned === undefined) throw new Error(`${method} is not an @AuraEnabled static method`);
  if (returned.toLowerCase() !== 'void') throw new Error(`${method} returns ${returned}: only void is supported here`);
  return list
    .split(',')
    .map((parameter) => parameter.trim())
    .filter(Boolean)
    .map((parameter) => {
      const [, type = '', name = ''] = /^(?:final\s+)?(.+?)\s+(\w+)$/.exec(parameter) ?? [];
      return { type, name };
    });
};
