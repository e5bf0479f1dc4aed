// Charts, fetched only when one is shown: bars with their axes, and nothing else of ECharts.
import { BarChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, GridComponent, TooltipComponent, CanvasRenderer])

export interface Bar {
  name: string
  value: number
}

const RED = '#b4141b'

/** Draw bars from top to bottom; the tooltip is drawn too, since the page lets no style be written into it. */
export function draw(place: HTMLElement, title: string, bars: Bar[]): ECharts {
  const chart = init(place, null, { renderer: 'canvas' })
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 56, top: 8, bottom: 8, containLabel: true },
    tooltip: { renderMode: 'richText', trigger: 'item' },
    xAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: '#eeeeee' } } },
    yAxis: { type: 'category', inverse: true, data: bars.map((bar) => bar.name), axisLabel: { width: 150, overflow: 'truncate', color: '#303133' }, axisTick: { show: false } },
    series: [{ type: 'bar', name: title, data: bars.map((bar) => bar.value), itemStyle: { color: RED }, barMaxWidth: 22, label: { show: true, position: 'right', color: '#303133' } }],
  })
  return chart
}
