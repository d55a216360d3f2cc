import { fromBase64, newKeyPair, seal, sha256, toBase64, unseal } from './age';

/** A wrap of the tender's key, with the custodians whose layers remain, the next one first. */
export interface Wrap {
  custodians: string[];
  wrap: string;
  /** SHA-256 of what each of these custodians finds inside its layer, as the ceremony published it. */
  layers: string[];
}

/** The share of a custodian is not what the ceremony published. */
export class ShareForged extends Error {}

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
    const { wrap, layers } = await nested(key, subset);
    wraps.push({ custodians: subset.map((one) => one.name), wrap: toBase64(wrap), layers });
  }
  return { publicKey: recipient, commitment: await sha256(secret), threshold, custodians, wraps };
}

/** Encrypts from the inside out, so that the first custodian of the subset removes the outermost layer. */
async function nested(key: Uint8Array, subset: readonly Custodian[]): Promise<{ wrap: Uint8Array; layers: string[] }> {
  let wrap = key;
  const layers: string[] = [];
  for (const { recipient } of [...subset].reverse()) {
    layers.unshift(await sha256(wrap));
    wrap = await seal(wrap, recipient);
  }
  return { wrap, layers };
}

/** Compares the previous custodian's file with the published wraps; throws ShareForged with that custodian's name. */
export async function handedOn(file: { custodians: string[]; wrap: string; subset: string[] }, wraps: readonly Wrap[]): Promise<Wrap> {
  const whole = wraps.find((one) => one.custodians.join('\n') === file.subset.join('\n'));
  const peeled = file.subset.length - file.custodians.length;
  if (!whole || peeled < 1 || whole.custodians.slice(peeled).join('\n') !== file.custodians.join('\n')) throw new Error('no wrap');
  if ((await sha256(fromBase64(file.wrap))) !== whole.layers[peeled - 1]) throw new ShareForged(file.subset[peeled - 1]);
  return { custodians: file.custodians, wrap: file.wrap, layers: whole.layers.slice(peeled) };
}

export function subsets<Item>(items: readonly Item[], size: number): Item[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

/** Removes one custodian's layer; returns the wrap for the next custodian, or the tender's key after the last. */
export async function peel(layer: Wrap, identity: string): Promise<Wrap | TenderKey> {
  const inside = await unseal(fromBase64(layer.wrap), identity);
  if ((await sha256(inside)) !== layer.layers[0]) throw new ShareForged('');
  const rest = layer.custodians.slice(1);
  if (rest.length > 0) return { custodians: rest, wrap: toBase64(inside), layers: layer.layers.slice(1) };
  const { identity: key, drawSecret } = JSON.parse(new TextDecoder().decode(inside)) as TenderKey;
  return { identity: key, drawSecret };
}

export function isTenderKey(value: Wrap | TenderKey): value is TenderKey {
  return 'identity' in value;
}
