import { theme, type ThemeConfig } from 'antd';

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
