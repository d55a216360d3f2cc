import { useEffect, useRef } from 'react';
import type { RankingOut } from '~/api/generated';
import { useAppearance } from '~/app/appearance';
import { useLabel } from '~/language';
import { draw } from '~/parts/chart';
import type { Scheme } from './scheme';
import { useTexts } from './texts';

const COLOURS = ['#8a3ffc', '#0b4f8a', '#1a8f6b', '#b07a1e', '#a3365f', '#5b6770', '#3f7fbf', '#6b8e23'];

interface Shown {
  ranking: RankingOut;
  scheme: Scheme;
  names: ReadonlyMap<string, string>;
}

/** Price and factors of each bidder as one bar; the table above has the same figures. */
export function RankingChart({ ranking, scheme, names }: Shown) {
  const t = useTexts();
  const label = useLabel();
  const box = useRef<HTMLDivElement>(null);
  const { dark } = useAppearance();
  useEffect(() => {
    if (!box.current) return;
    const rows = [...ranking.rows].reverse();
    const ink = dark ? '#e6eaee' : '#1d2329';
    const parts = [
      { name: t('priceScore'), of: (index: number) => rows[index]?.priceScore ?? '0' },
      ...scheme.factors.map((factor) => ({ name: label(factor.title), of: (index: number) => rows[index]?.factorMeans[factor.id] ?? '0' })),
    ];
    return draw(box.current, {
      color: COLOURS,
      textStyle: { color: ink },
      legend: { textStyle: { color: ink }, bottom: 0 },
      grid: { left: 8, right: 24, top: 8, bottom: 36, containLabel: true },
      xAxis: { type: 'value', axisLabel: { color: ink } },
      yAxis: { type: 'category', data: rows.map((row) => names.get(row.bid) ?? row.bid), axisLabel: { color: ink } },
      series: parts.map((part) => ({ name: part.name, type: 'bar', stack: 'total', data: rows.map((_, index) => Number(part.of(index))) })),
    });
  }, [ranking, scheme, names, dark, t, label]);
  return (
    <figure className="card" style={{ margin: '12px 0' }}>
      <figcaption>{t('chart')}</figcaption>
      <div ref={box} className="ranking-chart" aria-hidden="true" />
    </figure>
  );
}
