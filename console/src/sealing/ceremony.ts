import { fromBase64, newKeyPair, seal, sha256, toBase64, unseal } from './age';

/** A wrap of the tender's key, with the custodians whose layers remain, the next one first. */
export interface Wrap {
  custodians: string[];
  wrap: string;
}

export interface TenderKey {
  identity: string;
  drawSecret: string;
}

export interface Custodian {
  name: string;
  recipient: string;
}

export interface Ceremony {
  publicKey: string;
  commitment: string;
  threshold: number;
  custodians: Custodian[];
  wraps: Wrap[];
}

/** Generates a tender key, wrapped for every subset of `threshold` custodians; the private part is not stored. */
export async function holdCeremony(custodians: Custodian[], threshold: number): Promise<Ceremony> {
  const { identity, recipient } = await newKeyPair();
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const drawSecret = Array.from(secret, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const key = new TextEncoder().encode(JSON.stringify({ format: 'bidscreen-tender-key/1', identity, drawSecret }));
  const wraps: Wrap[] = [];
  for (const subset of subsets(custodians, threshold)) {
    wraps.push({ custodians: subset.map((one) => one.name), wrap: toBase64(await nested(key, subset)) });
  }
  return { publicKey: recipient, commitment: await sha256(secret), threshold, custodians, wraps };
}

/** Encrypts from the inside out, so that the first custodian of the subset removes the outermost layer. */
async function nested(key: Uint8Array, subset: readonly Custodian[]): Promise<Uint8Array> {
  let layers = key;
  for (const { recipient } of [...subset].reverse()) layers = await seal(layers, recipient);
  return layers;
}

export function subsets<Item>(items: readonly Item[], size: number): Item[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

/** Removes one custodian's layer; returns the wrap for the next custodian, or the tender's key after the last. */
export async function peel(layer: Wrap, identity: string): Promise<Wrap | TenderKey> {
  const inside = await unseal(fromBase64(layer.wrap), identity);
  const rest = layer.custodians.slice(1);
  if (rest.length > 0) return { custodians: rest, wrap: toBase64(inside) };
  const { identity: key, drawSecret } = JSON.parse(new TextDecoder().decode(inside)) as TenderKey;
  return { identity: key, drawSecret };
}

export function isTenderKey(value: Wrap | TenderKey): value is TenderKey {
  return 'identity' in value;
}
