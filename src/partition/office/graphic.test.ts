import { describe, expect, it } from 'vitest'
import { readChart, readDiagram } from './graphic.ts'
import { parseOffice } from './namespaces.ts'

const namespaces =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" ' +
  'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'

const chartOf = (inside: string) =>
  readChart(parseOffice(`<c:chartSpace ${namespaces}>${inside}</c:chartSpace>`, 'chart'))

const cache = (kind: 'str' | 'num', points: Readonly<Record<number, string>>, code = '') =>
  `<c:${kind}Ref><c:${kind}Cache>${code && `<c:formatCode>${code}</c:formatCode>`}<c:ptCount val="9"/>` +
  `${Object.entries(points)
    .map(([index, value]) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`)
    .join('')}</c:${kind}Cache></c:${kind}Ref>`

const series = (name: string, categories: string, values: string) =>
  `<c:ser><c:tx>${cache('str', { 0: name })}</c:tx><c:cat>${categories}</c:cat><c:val>${values}</c:val></c:ser>`

const title = (inside: string) => `<c:title><c:tx><c:rich><a:p>${inside}</a:p></c:rich></c:tx></c:title>`
const run = (text: string) => `<a:r><a:t>${text}</a:t></a:r>`

describe('charts', () => {
  it('put each figure to its category, also after one that is blank', () => {
    const months = cache('str', { 0: 'Jan', 1: 'Feb', 2: 'Mar' })
    const { table } = chartOf(
      `<c:chart>${series('Sales', months, cache('num', { 0: '1', 2: '3' }))}</c:chart>`,
    )
    expect(table?.html).toBe(
      '<table><tr><th/><th>Sales</th></tr><tr><th>Jan</th><td>1</td></tr><tr><th>Feb</th><td/></tr><tr><th>Mar</th><td>3</td></tr></table>',
    )
  })

  it('are called by their own title, not by that of an axis', () => {
    const axis = `<c:plotArea><c:catAx>${title(run('Month'))}</c:catAx></c:plotArea>`
    expect(chartOf(`<c:chart>${axis}</c:chart>`).title).toBe('')
    const own = title(`${run('Sales')}<a:br/>${run('by region')}`)
    expect(chartOf(`<c:chart>${own}${axis}</c:chart>`).title).toBe('Sales by region')
  })

  it('show dates and shares as their axes do', () => {
    const days = cache('num', { 0: '45292', 1: '45293' }, 'd/m/yy')
    const shares = cache('num', { 0: '0.5', 1: '1' }, '0%')
    expect(chartOf(`<c:chart>${series('Done', days, shares)}</c:chart>`).table?.text).toBe(
      'Done\n2024-01-01 50%\n2024-01-02 100%',
    )
  })

  it('tell all levels of their categories', () => {
    const level = (points: Readonly<Record<number, string>>) =>
      `<c:lvl>${Object.entries(points)
        .map(([index, value]) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`)
        .join('')}</c:lvl>`
    const levels = `<c:multiLvlStrRef><c:multiLvlStrCache>${level({ 0: 'Q1', 1: 'Q2', 2: 'Q1' })}${level({ 0: '2023', 2: '2024' })}</c:multiLvlStrCache></c:multiLvlStrRef>`
    const values = cache('num', { 0: '1', 1: '2', 2: '3' })
    expect(chartOf(`<c:chart>${series('Sales', levels, values)}</c:chart>`).table?.text).toBe(
      'Sales\n2023 Q1 1\n2023 Q2 2\n2024 Q1 3',
    )
  })
})

it('diagrams keep words apart that stand on lines of their own', () => {
  const point = `<dgm:pt><dgm:t><a:p>${run('Plan')}<a:br/>${run('carefully')}</a:p></dgm:t></dgm:pt>`
  expect(readDiagram(parseOffice(`<dgm:dataModel ${namespaces}>${point}</dgm:dataModel>`, 'diagram'))).toBe(
    'Plan carefully',
  )
})
