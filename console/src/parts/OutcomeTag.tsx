import type { ReactNode } from 'react';
import { useAppearance } from '~/app/appearance';
import type { ToneName } from '~/app/tones';
import './tag.css';

const SIGNS: Record<ToneName, string> = { good: '✓', bad: '✗', open: '?', plain: '–' };

/** A state by colour, symbol and word: never by colour alone. */
export function ToneTag({ tone, children, title }: { tone: ToneName; children: ReactNode; title?: string }) {
  const { tones } = useAppearance();
  const { text, ground, edge } = tones[tone];
  return (
    <span className="tone-tag" title={title} style={{ color: text, background: ground, borderColor: edge }}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {children}
    </span>
  );
}
