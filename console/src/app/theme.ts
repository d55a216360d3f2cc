import { theme, type ThemeConfig } from 'antd';

/** Text and ground of each outcome; every pair has a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3). */
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

export function themeOf(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#3b8fd6' : '#0b4f8a',
      colorLink: dark ? '#7db9ee' : '#0b4f8a',
      colorTextDescription: dark ? '#a9b3bd' : '#56606b',
      colorTextPlaceholder: dark ? '#95a0aa' : '#66707a',
      colorTextDisabled: dark ? '#95a0aa' : '#66707a',
      colorError: dark ? '#ff9a9d' : '#b3182a',
      borderRadius: 4,
      fontFamily: "system-ui, 'PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif",
      motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    },
    components: {
      Layout: { headerBg: dark ? '#141a20' : '#ffffff', siderBg: dark ? '#141a20' : '#ffffff', headerHeight: 56 },
      Button: { primaryColor: '#ffffff', colorPrimary: dark ? '#1f6fb2' : '#0b4f8a' },
    },
  };
}
