import type { TypeRef } from '../src/compiler/types.ts';

const STANDARD = 'io/github/apexdevtools/standardtypes/';
const OBJECTS = 'io/github/apexdevtools/sobjecttypes/';

/** Package names whose Java spelling is not Apex's. */
const NAMESPACE: Record<string, string> = { cache: 'Cache', dom: 'Dom', eventbus: 'EventBus' };

/** Types that stand for something the Java stubs cannot express. */
const INTERNAL: Record<string, TypeRef> = {
  Any$: 'Object',
  Interface$: 'Object',
  Null$: 'Object',
  Object$: 'Object',
  RecordSet$: 'List',
  DescribeSObjectResult$: 'Schema.DescribeSObjectResult',
  SObjectFieldRowCause$: 'Schema.SObjectField',
  SObjectFields$: 'Schema.SObjectTypeFields',
  SObjectType$: 'Schema.SObjectType',
  SObjectTypeFields$: 'Schema.SObjectTypeFields',
  SObjectTypeFieldSets$: 'Schema.SObjectTypeFieldSets',
  Trigger$: 'Trigger',
};
const GENERIC_IN_JAVA_ONLY = new Set([
  'Schema.DescribeSObjectResult',
  'Schema.SObjectField',
  'Schema.SObjectType',
  'Schema.SObjectTypeFields',
  'Schema.SObjectTypeFieldSets',
  'Trigger',
]);
const JAVA: Record<string, TypeRef> = {
  'java/lang/Object': 'Object',
  'java/lang/String': 'String',
  'java/lang/Iterable': 'Iterable',
  'java/lang/Exception': 'Exception',
};
const PRIMITIVE: Record<string, TypeRef> = { V: 'void', Z: 'Boolean', I: 'Integer', J: 'Long', D: 'Double' };

/** A member's Apex spelling: the stubs append `$` to what Java would not allow. */
export function apexName(javaName: string): string {
  return javaName.replace(/\$$/, '');
}

/** The Apex name of a Java class such as `…/standardtypes/Database/DMLOptions$EmailHeader`. */
export function apexType(internalName: string): TypeRef {
  const java = JAVA[internalName];
  if (java !== undefined) return java;
  if (internalName.startsWith(OBJECTS)) return apexName(internalName.slice(OBJECTS.length));
  if (!internalName.startsWith(STANDARD)) throw new Error(`Not an Apex type: ${internalName}`);
  const [namespace = '', name = ''] = internalName.slice(STANDARD.length).split('/');
  if (namespace === 'Internal') {
    const mapped = INTERNAL[name];
    if (mapped === undefined) throw new Error(`Unmapped internal type: ${name}`);
    return mapped;
  }
  const nested = apexName(name).replaceAll('$', '.');
  if (namespace === 'System' || namespace === 'SObjectStubs') return nested;
  return `${NAMESPACE[namespace] ?? namespace}.${nested}`;
}

export interface MethodSignature {
  parameters: TypeRef[];
  returns: TypeRef;
}

/** Reads one Java signature (JVM specification 4.7.9.1). */
class SignatureReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  peek(): string {
    return this.text.charAt(this.at);
  }

  type(): TypeRef {
    const tag = this.text.charAt(this.at++);
    const primitive = PRIMITIVE[tag];
    if (primitive !== undefined) return primitive;
    if (tag === '[') return `List<${this.type()}>`;
    if (tag === 'T') return this.until(';');
    if (tag === '*') return 'Object';
    if (tag === '+' || tag === '-') return this.type();
    if (tag !== 'L') throw new Error(`Unexpected ${tag} in ${this.text}`);
    let name = this.name();
    let parameters: TypeRef[] = [];
    if (this.peek() === '<') parameters = this.typeArguments();
    while (this.peek() === '.') {
      this.at++;
      name += `$${this.name()}`;
      if (this.peek() === '<') parameters = this.typeArguments();
    }
    this.at++;
    const type = apexType(name);
    return parameters.length === 0 || GENERIC_IN_JAVA_ONLY.has(type) ? type : `${type}<${parameters.join(',')}>`;
  }

  typeParameters(): string[] {
    const names: string[] = [];
    if (this.peek() !== '<') return names;
    this.at++;
    while (this.peek() !== '>') {
      names.push(this.until(':'));
      while (this.peek() === ':') this.at++;
      this.type();
    }
    this.at++;
    return names;
  }

  method(): MethodSignature {
    this.typeParameters();
    this.at++;
    const parameters: TypeRef[] = [];
    while (this.peek() !== ')') parameters.push(this.type());
    this.at++;
    return { parameters, returns: this.type() };
  }

  private typeArguments(): TypeRef[] {
    const list: TypeRef[] = [];
    this.at++;
    while (this.peek() !== '>') list.push(this.type());
    this.at++;
    return list;
  }

  private name(): string {
    const start = this.at;
    while (!'<;.'.includes(this.peek())) this.at++;
    return this.text.slice(start, this.at);
  }

  private until(end: string): string {
    const start = this.at;
    this.at = this.text.indexOf(end, start) + 1;
    return this.text.slice(start, this.at - 1);
  }
}

export function readType(signature: string): TypeRef {
  return new SignatureReader(signature).type();
}

export function readMethod(signature: string): MethodSignature {
  return new SignatureReader(signature).method();
}

export function readClass(signature: string): { typeParameters: string[]; superclass: TypeRef; interfaces: TypeRef[] } {
  const reader = new SignatureReader(signature);
  const typeParameters = reader.typeParameters();
  const superclass = reader.type();
  const interfaces: TypeRef[] = [];
  while (reader.at < signature.length) interfaces.push(reader.type());
  return { typeParameters, superclass, interfaces };
}
