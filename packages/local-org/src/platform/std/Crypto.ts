/** System.Crypto. Randomness comes from the org's injected source: it is replayable, so keys made here protect nothing. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { randomBytes } from 'kernel/random.ts';
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { ApexBlob, apexException } from '../values/index.ts';
import { present } from './shared/arguments.ts';

const DIGESTS: Record<string, string> = {
  MD5: 'md5',
  SHA1: 'sha1',
  'SHA-1': 'sha1',
  SHA256: 'sha256',
  'SHA-256': 'sha256',
  SHA512: 'sha512',
  'SHA-512': 'sha512',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
};
const CIPHERS: Record<string, { name: string; keyBytes: number }> = {
  AES128: { name: 'aes-128-cbc', keyBytes: 16 },
  AES192: { name: 'aes-192-cbc', keyBytes: 24 },
  AES256: { name: 'aes-256-cbc', keyBytes: 32 },
};
const IV_BYTES = 16;

const failed = (message: string): Error => apexException('SecurityException', message) as unknown as Error;
const blob = (data: Buffer | Uint8Array): ApexBlob => new ApexBlob(new Uint8Array(data));
const unsupported = (name: string): Error =>
  apexException('InvalidParameterValueException', `Unrecognized algorithm: ${name}`) as unknown as Error;

const digestName = (algorithm: string | null): string => {
  const name = DIGESTS[present(algorithm).toUpperCase()];
  if (name === undefined) throw failed(`${algorithm} MessageDigest not available`);
  return name;
};

/** `hmacSHA256`, `RSA-SHA256`, `RSA`: the digest inside. */
const digestOf = (algorithm: string | null, prefix: RegExp, plain: string): string =>
  digestName(present(algorithm).replace(prefix, '') || plain);

const mac = (algorithm: string | null, input: ApexBlob | null, key: ApexBlob | null): ApexBlob =>
  blob(
    createHmac(digestOf(algorithm, /^hmac/i, ''), present(key).bytes)
      .update(present(input).bytes)
      .digest(),
  );

const cipherOf = (algorithm: string | null, key: ApexBlob | null): string => {
  const cipher = CIPHERS[present(algorithm).toUpperCase()];
  if (!cipher) throw unsupported(algorithm!);
  if (present(key).bytes.length !== cipher.keyBytes)
    throw apexException('InvalidParameterValueException', `Invalid private key. Must be ${cipher.keyBytes} bytes.`);
  return cipher.name;
};

const ivOf = (iv: ApexBlob | null): Uint8Array => {
  if (present(iv).bytes.length !== IV_BYTES)
    throw apexException('InvalidParameterValueException', `Invalid initialization vector. Must be ${IV_BYTES} bytes.`);
  return iv!.bytes;
};

const encrypt = (algorithm: string | null, key: ApexBlob | null, iv: Uint8Array, data: ApexBlob | null): Buffer => {
  const cipher = createCipheriv(cipherOf(algorithm, key), key!.bytes, iv);
  return Buffer.concat([cipher.update(present(data).bytes), cipher.final()]);
};

const decrypt = (algorithm: string | null, key: ApexBlob | null, iv: Uint8Array, data: Uint8Array): ApexBlob => {
  const decipher = createDecipheriv(cipherOf(algorithm, key), key!.bytes, iv);
  try {
    return blob(Buffer.concat([decipher.update(data), decipher.final()]));
  } catch {
    throw failed(
      'Given final block not properly padded. Such issues can arise if a bad key is used during decryption.',
    );
  }
};

const der = (key: ApexBlob | null): Buffer => Buffer.from(present(key).bytes);

const factory: StdFactory = (runtime) => {
  const random = (count: number): Uint8Array =>
    randomBytes({ next: () => (runtime as PlatformRuntime).services.random() }, count);
  return {
    name: 'Crypto',
    s: {
      generatedigest: (algorithm: string | null, input: ApexBlob | null) =>
        blob(createHash(digestName(algorithm)).update(present(input).bytes).digest()),
      generatemac: mac,
      verifyhmac: (algorithm: string | null, input: ApexBlob | null, key: ApexBlob | null, given: ApexBlob | null) => {
        const expected = mac(algorithm, input, key).bytes;
        return present(given).bytes.length === expected.length && timingSafeEqual(given!.bytes, expected);
      },
      generateaeskey: (bits: number) => {
        if (![128, 192, 256].includes(present(bits)))
          throw apexException('InvalidParameterValueException', `Invalid key size: ${bits}`);
        return blob(random(bits / 8));
      },
      encrypt: (algorithm: string | null, key: ApexBlob | null, iv: ApexBlob | null, data: ApexBlob | null) =>
        blob(encrypt(algorithm, key, ivOf(iv), data)),
      decrypt: (algorithm: string | null, key: ApexBlob | null, iv: ApexBlob | null, data: ApexBlob | null) =>
        decrypt(algorithm, key, ivOf(iv), present(data).bytes),
      encryptwithmanagediv: (algorithm: string | null, key: ApexBlob | null, data: ApexBlob | null) => {
        const iv = random(IV_BYTES);
        return blob(Buffer.concat([iv, encrypt(algorithm, key, iv, data)]));
      },
      decryptwithmanagediv: (algorithm: string | null, key: ApexBlob | null, data: ApexBlob | null) =>
        decrypt(algorithm, key, present(data).bytes.slice(0, IV_BYTES), data!.bytes.slice(IV_BYTES)),
      getrandominteger: () => new DataView(random(4).buffer).getInt32(0),
      getrandomlong: () => new DataView(random(8).buffer).getBigInt64(0),
      sign: (algorithm: string | null, input: ApexBlob | null, key: ApexBlob | null) =>
        blob(
          sign(
            digestOf(algorithm, /^RSA-?/i, 'SHA1'),
            present(input).bytes,
            createPrivateKey({ key: der(key), format: 'der', type: 'pkcs8' }),
          ),
        ),
      verify: (algorithm: string | null, input: ApexBlob | null, signature: ApexBlob | null, key: ApexBlob | null) =>
        verify(
          digestOf(algorithm, /^RSA-?/i, 'SHA1'),
          present(input).bytes,
          createPublicKey({ key: der(key), format: 'der', type: 'spki' }),
          present(signature).bytes,
        ),
    },
  };
};

export default factory;
