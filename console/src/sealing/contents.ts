import { randomHex, seal, sha256 } from './age';

/** A bidder's offer for one lot, as on its opening sheet. */
export interface Offer {
  tender: string;
  lot: string;
  bidder: string;
  dossierVersion: string;
  /** The price in figures (yuan) and in words 大写. */
  figures: string | null;
  words: string | null;
  offered: string | null;
  /** SHA-256 of the files of the bid. */
  documents: string[];
}

export interface Sealed {
  envelope: Uint8Array;
  /** The contents as sealed: the bidder keeps them to verify the opening. */
  contents: string;
  sha256: string;
  contentsSha256: string;
}

const CLASSES = [4, 16, 64, 256, 1024].map((kibibytes) => kibibytes * 1024);

/** Encodes the contents as text, padded to a size class so that the length reveals nothing. */
export function written(offer: Offer, nonce: string): Uint8Array {
  const { figures, words, ...rest } = offer;
  const value = {
    format: 'bidscreen-envelope/1',
    ...rest,
    price: { sheet: { words, figures, unit: '1' }, bid: { words: null, figures: null, unit: '1' }, lines: [] },
    nonce,
  };
  const text = new TextEncoder().encode(JSON.stringify(value));
  const size = CLASSES.find((one) => text.length <= one);
  if (size === undefined) throw new RangeError(`at most ${CLASSES.at(-1)} bytes of contents fit`);
  const padded = new Uint8Array(size).fill(0x20);
  padded.set(text);
  return padded;
}

/** Encrypts the offer with the tender's public key; returns it with the hashes that receipt and record must show. */
export async function sealOffer(offer: Offer, tenderKey: string): Promise<Sealed> {
  const text = written(offer, randomHex(32));
  const envelope = await seal(text, tenderKey);
  return { envelope, contents: new TextDecoder().decode(text), sha256: await sha256(envelope), contentsSha256: await sha256(text) };
}
