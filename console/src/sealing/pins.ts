import { sha256 } from './age';

const DIGITS = 32;

/** The fingerprint of a public key: 32 hexadecimal digits of its SHA-256 in groups of four, as `bidscreen seal` compares it. */
export async function fingerprint(publicKey: string): Promise<string> {
  const digits = (await sha256(new TextEncoder().encode(publicKey))).slice(0, DIGITS);
  return digits.match(/.{4}/g)?.join('-') ?? '';
}

/** Whether a key has the fingerprint that the notice states; case, spaces and hyphens do not count. */
export async function hasFingerprint(publicKey: string, given: string): Promise<boolean> {
  const plain = given.replace(/[\s-]/g, '').toLowerCase();
  return plain === (await fingerprint(publicKey)).replaceAll('-', '');
}
