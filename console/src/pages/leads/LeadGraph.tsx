import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { readFlagGraph } from '~/api/generated';
import type { GraphOut } from '~/api/generated';
import { useAppearance } from '~/app/appearance';
import { Loaded } from '~/parts/Loaded';
import { draw } from '~/parts/chart';
import { useTexts } from './texts';
import './leads.css';

export function LeadGraph({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  const query = useQuery({
    queryKey: ['tender', tenderId, 'leads', 'graph'],
    queryFn: async () => (await readFlagGraph({ path: { tender_id: tenderId } })).data,
  });
  return (
    <section className="card" aria-label={t('graph')}>
      <h2>{t('graph')}</h2>
      <p className="ink-muted">{t('graphAbout')}</p>
      <Loaded query={query}>{(graph) => (graph.edges.length > 0 ? <Picture graph={graph} /> : <p>{t('empty')}</p>)}</Loaded>
    </section>
  );
}

/** Hidden from screen readers: the list above contains the same information. */
function Picture({ graph }: { graph: GraphOut }) {
  const box = useRef<HTMLDivElement>(null);
  const { dark } = useAppearance();
  useEffect(() => {
    if (!box.current) return;
    const ink = dark ? '#e6eaee' : '#1d2329';
    return draw(box.current, {
      series: [
        {
          type: 'graph',
          layout: 'force',
          roam: true,
          force: { repulsion: 140, edgeLength: 70, layoutAnimation: false },
          data: graph.nodes.map((node) => ({
            id: node.id,
            name: node.label,
            symbolSize: node.kind === 'bidder' ? 22 : 9,
            itemStyle: { color: node.kind === 'bidder' ? '#0b4f8a' : '#b07a1e' },
            label: { show: node.kind === 'bidder', color: ink, position: 'right', fontSize: 11 },
          })),
          links: graph.edges.map((edge) => ({
            source: edge.source,
            target: edge.target,
            lineStyle: { width: edge.strength === 'fact' ? 3 : 1.2, color: edge.state === 'confirmed' ? '#b3182a' : '#7d8893' },
          })),
        },
      ],
    });
  }, [graph, dark]);
  return <div ref={box} className="lead-graph" aria-hidden="true" />;
}
