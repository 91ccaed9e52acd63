/** SOAP messages: what was asked, and how it is answered. Clients look for the literal prefix `soapenv:`. */
import { XMLParser } from 'fast-xml-parser';
import { forbiddenInXml } from '../../store/schema/xml.ts';
import type { Answer } from '../call.ts';

/** Children that occur more than once are in a list. */
export type SoapElement = { [name: string]: SoapElement | string | (SoapElement | string)[] | undefined };
type Content = SoapElement[string];

export interface SoapRequest {
  method: string;
  sessionId: string | null;
  /** Text of a parameter of the method, or null. */
  parameter(name: string): string | null;
  /** A parameter that has elements of its own, or null. */
  element(name: string): SoapElement | null;
  /** A parameter that may occur more than once and has elements of its own. */
  elements(name: string): SoapElement[];
}

const isElement = (value: Content): value is SoapElement => typeof value === 'object' && !Array.isArray(value);

const child = (element: Content, name: string): Content => (isElement(element) ? element[name] : undefined);

const text = (value: Content): string | null => (typeof value === 'string' ? value : null);

/** Null when the body is not a SOAP message. */
export const readEnvelope = (xml: string): SoapRequest | null => {
  const parser = new XMLParser({
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: false,
    ignoreDeclaration: true,
  });
  if (forbiddenInXml(xml) !== null) return null;
  let document: SoapElement;
  try {
    document = parser.parse(xml) as SoapElement;
  } catch {
    return null;
  }
  const envelope = document.Envelope;
  const body = child(envelope, 'Body');
  const method = isElement(body) ? Object.keys(body).find((name) => name !== '#text') : undefined;
  if (!method) return null;
  return {
    method,
    sessionId: text(child(child(child(envelope, 'Header'), 'SessionHeader'), 'sessionId')),
    parameter: (name) => text(child(child(body, method), name)),
    element: (name) => {
      const value = child(child(body, method), name);
      return isElement(value) ? value : null;
    },
    elements: (name) => [child(child(body, method), name) ?? []].flat().filter(isElement),
  };
};

/** The session that a SOAP message shows, by its beginning alone; null when there is none. */
export const sessionIdAt = (beginning: string): string | null =>
  /<(?:[\w.-]+:)?sessionId(?:\s[^>]*)?>([^<]+)</.exec(beginning)?.[1] ?? null;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** One element with escaped text; null becomes `xsi:nil`. */
export const element = (name: string, value: string | number | boolean | null): string =>
  value === null
    ? `<${name} xsi:nil="true"/>`
    : `<${name}>${String(value).replace(/[&<>"]/g, (character) => ESCAPES[character]!)}</${name}>`;

const NAMESPACES =
  'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sf="urn:fault.partner.soap.sforce.com"';

export const envelope = (status: number, namespace: string, body: string, header = ''): Answer => ({
  status,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  text:
    `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ${NAMESPACES} xmlns="${namespace}">` +
    `${header && `<soapenv:Header>${header}</soapenv:Header>`}<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`,
});

export const fault = (namespace: string, code: string, message: string): Answer =>
  envelope(
    500,
    namespace,
    `<soapenv:Fault>${element('faultcode', `sf:${code}`)}${element('faultstring', `${code}: ${message}`)}</soapenv:Fault>`,
  );
