import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from 'react';

const BEYOND = 8;

/** Returns which rows of a long table are near the viewport; all of them when printing. Heights in CSS pixels. */
export function useWindowed(frame: RefObject<HTMLElement | null>, rows: number, rowHeight: number) {
  const [range, setRange] = useState({ from: 0, to: Math.min(rows, 60) });
  const [whole, setWhole] = useState(false);
  const measure = useCallback(() => {
    const element = frame.current;
    if (!element) return;
    const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - BEYOND);
    const to = Math.min(rows, Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + BEYOND);
    setRange((before) => (before.from === from && before.to === to ? before : { from, to }));
  }, [frame, rows, rowHeight]);
  useLayoutEffect(measure, [measure]);
  useEffect(() => {
    const element = frame.current;
    const print = () => setWhole(true);
    const printed = () => setWhole(false);
    element?.addEventListener('scroll', measure, { passive: true });
    window.addEventListener('resize', measure);
    window.addEventListener('beforeprint', print);
    window.addEventListener('afterprint', printed);
    return () => {
      element?.removeEventListener('scroll', measure);
      window.removeEventListener('resize', measure);
      window.removeEventListener('beforeprint', print);
      window.removeEventListener('afterprint', printed);
    };
  }, [frame, measure]);
  const { from, to } = whole ? { from: 0, to: rows } : { from: Math.min(range.from, rows), to: Math.min(range.to, rows) };
  return { from, to, above: from * rowHeight, below: (rows - to) * rowHeight };
}
