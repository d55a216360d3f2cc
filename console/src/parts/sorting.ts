import { useMemo, useState } from 'react';
import { useLanguage } from '~/language';

interface Sortable<Row> {
  key: string;
  sortBy?: (row: Row) => string | number;
}

interface Order {
  key: string;
  descending: boolean;
}

/** Sorts the rows by a column; a second click on the same column reverses the order. */
export function useSorted<Row>(rows: readonly Row[], columns: readonly Sortable<Row>[]) {
  const [order, setOrder] = useState<Order | null>(null);
  const language = useLanguage();
  const sorted = useMemo(() => {
    const by = columns.find((column) => column.key === order?.key)?.sortBy;
    if (!by || !order) return rows;
    const compared = comparison(language);
    const turned = order.descending ? -1 : 1;
    return [...rows].sort((one, other) => turned * compared(by(one), by(other)));
  }, [rows, columns, order, language]);
  const sort = (key: string) =>
    setOrder((before) => ({ key, descending: before?.key === key ? !before.descending : false }));
  return { sorted, order, sort };
}

/** Compares numbers by value, texts by the rules of the language. */
export function comparison(language: string): (one: string | number, other: string | number) => number {
  const collator = new Intl.Collator(language === 'en' ? 'en' : 'zh-Hans-CN', { numeric: true });
  return (one, other) =>
    typeof one === 'number' && typeof other === 'number' ? one - other : collator.compare(String(one), String(other));
}
