import type { EChartsCoreOption, EChartsType } from 'echarts/core';

/** Draws into the box and follows its width; returns a function that removes the chart. ECharts is loaded with the first chart. */
export function draw(box: HTMLElement, option: EChartsCoreOption): () => void {
  let chart: EChartsType | undefined;
  let gone = false;
  const watch = new ResizeObserver(() => chart?.resize());
  void import('./echarts').then(({ init }) => {
    if (gone) return;
    chart = init(box, null, { renderer: 'svg' });
    chart.setOption({ animation: false, ...option });
    watch.observe(box);
  });
  return () => {
    gone = true;
    watch.disconnect();
    chart?.dispose();
  };
}
