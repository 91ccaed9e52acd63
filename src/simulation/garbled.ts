import type { HttpResponse } from 'kernel/http.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const cut = (text: string): string => text.slice(0, Math.floor(text.length / 2));

/** The body with its first list, outermost first, replaced by what `change` makes of it; null: it has none that holds something. */
const withList = (body: Json, change: (list: Json[]) => Json): Json => {
  if (Array.isArray(body)) return body.length === 0 ? null : change(body);
  if (typeof body !== 'object' || body === null) return null;
  for (const [name, value] of Object.entries(body))
    if (Array.isArray(value) && value.length > 0) return { ...body, [name]: change(value) };
  return null;
};

const brokenList =
  (change: (list: Json[]) => Json) =>
  (text: string): string => {
    const broken = withList(JSON.parse(text) as Json, change);
    return broken === null ? cut(text) : JSON.stringify(broken);
  };

/** Ways in which an answer is none, although it comes from whoever was asked: nothing is left in it that could be believed. */
const WAYS: readonly ((text: string) => string)[] = [
  cut,
  brokenList((list) => [...list.slice(0, -1), null]),
  brokenList((list) => [...list.slice(0, -1), 'an answer']),
  brokenList(() => ({})),
  brokenList(() => 'answers'),
];

/** How many ways there are to break an answer. */
export const GARBLINGS = WAYS.length;

/** An answer that got broken on its way, in one of `GARBLINGS` ways; what is no JSON is cut in half. */
export const garbled = (response: HttpResponse, way: number): HttpResponse => {
  try {
    return { ...response, body: WAYS[way]!(response.body) };
  } catch {
    return { ...response, body: cut(response.body) };
  }
};
