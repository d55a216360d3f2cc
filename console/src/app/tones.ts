/** Text and background colour of each outcome; every pair has a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3). */
export interface Tone {
  text: string;
  ground: string;
  edge: string;
}

export type ToneName = 'good' | 'bad' | 'open' | 'plain';

const LIGHT: Record<ToneName, Tone> = {
  good: { text: '#0a5c2b', ground: '#e3f4e8', edge: '#7cc497' },
  bad: { text: '#9b1220', ground: '#fde9e9', edge: '#e79a9f' },
  open: { text: '#714600', ground: '#fff1d0', edge: '#dcb05c' },
  plain: { text: '#3c4650', ground: '#edf0f3', edge: '#b6bfc8' },
};

const DARK: Record<ToneName, Tone> = {
  good: { text: '#8fe0ab', ground: '#12331f', edge: '#2f7a4a' },
  bad: { text: '#ffb3b5', ground: '#43191c', edge: '#9a474c' },
  open: { text: '#ffd584', ground: '#3b2c0c', edge: '#8d6c26' },
  plain: { text: '#ccd3da', ground: '#262c33', edge: '#56606b' },
};

export function tonesOf(dark: boolean): Record<ToneName, Tone> {
  return dark ? DARK : LIGHT;
}
