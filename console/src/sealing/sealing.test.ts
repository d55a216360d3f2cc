import { describe, expect, it } from 'vitest';
import { identityIn, newKeyPair, seal, sha256, toBase64, unseal } from './age';
import { handedOn, holdCeremony, isTenderKey, peel, ShareForged, subsets } from './ceremony';
import { fingerprint, hasFingerprint } from './pins';
import { sealOffer, written, type Offer } from './contents';

const OFFER: Offer = {
  tender: 'ten_1',
  lot: 'lot_1',
  bidder: 'org_1',
  dossierVersion: '1',
  figures: '958000.00',
  words: null,
  offered: null,
  documents: [],
};

describe('sealing', () => {
  it('pads contents to a size class', () => {
    expect(written(OFFER, '0'.repeat(64))).toHaveLength(4096);
    expect(written({ ...OFFER, documents: Array(100).fill('f'.repeat(64)) }, '0'.repeat(64))).toHaveLength(16384);
  });

  it('gives contents back to the holder of the key alone', async () => {
    const { identity, recipient } = await newKeyPair();
    const sealed = await sealOffer(OFFER, recipient);
    const text = await unseal(sealed.envelope, identity);
    expect(await sha256(text)).toBe(sealed.contentsSha256);
    expect(JSON.parse(new TextDecoder().decode(text))).toMatchObject({ tender: 'ten_1', price: { sheet: { figures: '958000.00' } } });
    await expect(unseal(sealed.envelope, (await newKeyPair()).identity)).rejects.toThrow();
  });

  it('gives the tender key to any two of three custodians, to none alone', async () => {
    const pairs = await Promise.all(['a', 'b', 'c'].map(async (name) => ({ name, ...(await newKeyPair()) })));
    const ceremony = await holdCeremony(
      pairs.map(({ name, recipient }) => ({ name, recipient })),
      2,
    );
    expect(ceremony.wraps).toHaveLength(3);
    const keyOf = (name: string) => pairs.find((one) => one.name === name)?.identity ?? '';
    for (const wrap of ceremony.wraps) {
      const half = await peel(wrap, keyOf(wrap.custodians[0] ?? ''));
      if (isTenderKey(half)) throw new Error('one custodian alone has the key');
      const whole = await peel(half, keyOf(half.custodians[0] ?? ''));
      expect(isTenderKey(whole) && whole.drawSecret).toHaveLength(64);
    }
  });

  it('names the custodian whose share is not the published one', async () => {
    const pairs = await Promise.all(['a', 'b'].map(async (name) => ({ name, ...(await newKeyPair()) })));
    const { wraps } = await holdCeremony(pairs.map(({ name, recipient }) => ({ name, recipient })), 2);
    const half = await peel(wraps[0]!, pairs[0]!.identity);
    if (isTenderKey(half)) throw new Error('one custodian alone has the key');
    const file = { custodians: half.custodians, wrap: half.wrap, subset: ['a', 'b'] };
    expect(isTenderKey(await peel(await handedOn(file, wraps), pairs[1]!.identity))).toBe(true);
    const forged = toBase64(await seal(new Uint8Array(8), pairs[1]!.recipient));
    await expect(handedOn({ ...file, wrap: forged }, wraps)).rejects.toThrow('a');
    await expect(handedOn({ ...file, wrap: forged }, wraps)).rejects.toBeInstanceOf(ShareForged);
    await expect(handedOn({ ...file, subset: ['a', 'c'] }, wraps)).rejects.toThrow('no wrap');
  });

  it('compares a key with the fingerprint in the notice, as the command line does', async () => {
    expect(await fingerprint('age1abc')).toBe('87a7-f307-9f95-a7fc-fdf1-b17f-3c95-2744');
    expect(await hasFingerprint('age1abc', '87A7 F307 9F95 A7FC FDF1 B17F 3C95 2744')).toBe(true);
    expect(await hasFingerprint('age1abd', '87a7-f307-9f95-a7fc-fdf1-b17f-3c95-2744')).toBe(false);
    expect(await hasFingerprint('age1abc', '')).toBe(false);
  });

  it('finds a key in a key file', () => {
    expect(identityIn('# created\nAGE-SECRET-KEY-1' + 'Q'.repeat(58) + '\n')).toMatch(/^AGE-SECRET-KEY-1/);
    expect(identityIn('nothing')).toBeNull();
  });

  it('lists subsets', () => {
    expect(subsets([1, 2, 3], 2)).toEqual([
      [1, 2],
      [1, 3],
      [2, 3],
    ]);
  });
});
