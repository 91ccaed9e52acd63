/** Requests and answers between HTTP and the API. */
import type { HttpRequest, HttpResponse } from 'kernel/http.ts';
import type { Answer, CallRequest } from './call.ts';

/** Clients that keep the instance URL with a trailing slash ask for `//services/…`. The query is left alone. */
export const collapseSlashes = (url: string): string => {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return path.replace(/\/{2,}/g, '/') + url.slice(path.length);
};

export const toCallRequest = ({ method, url, headers, body, bytes }: HttpRequest): CallRequest => ({
  method: method.toUpperCase(),
  url: collapseSlashes(url),
  headers,
  body,
  ...(bytes ? { bytes } : {}),
});

export const toResponse = ({ status, headers = {}, body, text }: Answer): HttpResponse => {
  if (text !== undefined) return { status, headers, body: text };
  if (body === undefined) return { status, headers, body: '' };
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(body),
  };
};
