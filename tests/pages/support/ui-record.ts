/**
 * GET /ui-api/records/{id}, made of the org's REST API: the local org has no UI API. What components read of the
 * answer is there (apiName, id, fields); labels of picklist values and formatted values are null.
 */
import { mustSucceed, type Answer, type OrgSession } from './org-session.ts';

const PREFIX_LENGTH = 3;

interface Field {
  name: string;
  type: string;
}

export const uiRecord = async (session: OrgSession, id: string, query: URLSearchParams): Promise<Answer> => {
  const { sobjects } = await mustSucceed(session)('GET', '/sobjects');
  const object = sobjects.find(({ keyPrefix }: { keyPrefix: string }) => keyPrefix === id.slice(0, PREFIX_LENGTH));
  if (object === undefined) return notFound;
  const described = await mustSucceed(session)('GET', `/sobjects/${object.name}/describe`);
  const visible = new Map((described.fields as Field[]).map((field) => [field.name.toLowerCase(), field]));

  const required = names(query.get('fields'), object.name);
  // Whoever may not see an optional field gets the others.
  const optional = names(query.get('optionalFields'), object.name).filter((name) => visible.has(name.toLowerCase()));
  const wanted = [...new Set([...required, ...optional])];
  const answer = await session('GET', `/sobjects/${object.name}/${id}?fields=${wanted.join()}`);
  if (answer.status !== 200) return answer;
  const fields = wanted.map((name) => {
    const { type } = visible.get(name.toLowerCase())!;
    return [name, { value: uiValue(answer.body[name], type), displayValue: null }];
  });
  return { status: 200, body: { apiName: object.name, id, fields: Object.fromEntries(fields) } };
};

const notFound: Answer = {
  status: 404,
  body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
};

/** `Case.Subject,Case.Status` without the object. */
const names = (list: string | null, object: string): string[] =>
  (list ?? '')
    .split(',')
    .filter(Boolean)
    .map((name) => {
      const [owner, field, ...further] = name.split('.');
      if (owner === object && field !== undefined && further.length === 0) return field;
      throw new Error(`${name} is not a field of ${object}; fields of related records are not supported here`);
    });

/** The REST API writes UTC as +0000, the UI API as Z. */
const uiValue = (value: unknown, type: string): unknown =>
  type === 'datetime' && typeof value === 'string' ? value.replace('+0000', 'Z') : value;
