import { BarChart, GraphChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, GraphChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** Draws into the box and follows its width; returns what takes the picture away. */
export function draw(box: HTMLElement, option: EChartsCoreOption): () => void {
  const chart = init(box, null, { renderer: 'svg' });
  chart.setOption({ animation: false, ...option });
  const watch = new ResizeObserver(() => chart.resize());
  watch.observe(box);
  return () => {
    watch.disconnect();
    chart.dispose();
  };
}
