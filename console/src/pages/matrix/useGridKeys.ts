import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';

export interface Place {
  row: number;
  column: number;
}

/** Returns the new position after a key; null if the key does not move (WAI-ARIA, grid pattern). */
export function moved(key: string, { row, column }: Place, rows: number, columns: number, ctrl: boolean): Place | null {
  const last = { row: rows - 1, column: columns - 1 };
  switch (key) {
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), column };
    case 'ArrowDown':
      return { row: Math.min(last.row, row + 1), column };
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) };
    case 'ArrowRight':
      return { row, column: Math.min(last.column, column + 1) };
    case 'PageUp':
      return { row: Math.max(0, row - 10), column };
    case 'PageDown':
      return { row: Math.min(last.row, row + 10), column };
    case 'Home':
      return { row: ctrl ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrl ? last.row : row, column: last.column };
    default:
      return null;
  }
}

/** Makes one cell reachable by Tab and moves by arrow keys; Enter calls `open`. */
export function useGridKeys(
  frame: RefObject<HTMLElement | null>,
  rows: number,
  columns: number,
  rowHeight: number,
  open: (place: Place) => void,
) {
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  const follow = useRef(false);
  useEffect(() => {
    if (!follow.current) return;
    follow.current = false;
    const cell = frame.current?.querySelector<HTMLElement>(`[data-place="${place.row}-${place.column}"]`);
    cell?.focus({ preventScroll: false });
  });
  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      if (event.key === 'Enter') {
        open(place);
        return;
      }
      const next = moved(event.key, place, rows, columns, event.ctrlKey);
      if (!next) return;
      event.preventDefault();
      follow.current = true;
      keepInView(frame.current, next.row, rowHeight);
      setPlace(next);
    },
    [place, rows, columns, rowHeight, open, frame],
  );
  return { place, setPlace, onKeyDown };
}

/** Scrolls to a row that is not rendered yet before focusing it. */
function keepInView(frame: HTMLElement | null, row: number, rowHeight: number): void {
  if (!frame || frame.scrollHeight <= frame.clientHeight) return;
  const top = row * rowHeight;
  if (top < frame.scrollTop) frame.scrollTop = top;
  else if (top + 2 * rowHeight > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + 2 * rowHeight - frame.clientHeight;
}
