import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { tonesOf, type Tone, type ToneName } from './tones';

export type Appearance = 'system' | 'light' | 'dark';
const KEPT = 'bidscreen.appearance';

interface Shown {
  appearance: Appearance;
  dark: boolean;
  tones: Record<ToneName, Tone>;
  choose: (appearance: Appearance) => void;
}

const Context = createContext<Shown | null>(null);
const system = window.matchMedia('(prefers-color-scheme: dark)');

/** Light or dark, from the system or chosen; the choice is stored in this browser. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [appearance, setAppearance] = useState<Appearance>(() => (localStorage.getItem(KEPT) as Appearance | null) ?? 'system');
  const [systemDark, setSystemDark] = useState(system.matches);
  useEffect(() => {
    const follow = () => setSystemDark(system.matches);
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, []);
  const dark = appearance === 'system' ? systemDark : appearance === 'dark';
  useEffect(() => {
    document.documentElement.dataset.appearance = dark ? 'dark' : 'light';
  }, [dark]);
  const shown = useMemo<Shown>(
    () => ({
      appearance,
      dark,
      tones: tonesOf(dark),
      choose: (chosen) => {
        localStorage.setItem(KEPT, chosen);
        setAppearance(chosen);
      },
    }),
    [appearance, dark],
  );
  return <Context value={shown}>{children}</Context>;
}

export function useAppearance(): Shown {
  const shown = useContext(Context);
  if (!shown) throw new Error('useAppearance outside of AppearanceProvider');
  return shown;
}
