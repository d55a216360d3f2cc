import { BarChart, GraphChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, GraphChart, GridComponent, LegendComponent, SVGRenderer]);

export { init };
