import { describe, expect, it } from 'vitest'
import { losses, macro, pageLink, rendered, rich, wiki } from '../../../../../test/fidelity/wiki.ts'

const row = (name: string, value: string) => `<tr><th>${name}</th><td>${value}</td></tr>`
const properties = (rows: string, parameters = {}) =>
  macro('details', parameters, rich(`<table><tbody>${rows}</tbody></table>`))
const kim = '<ac:link><ri:user ri:account-id="kim"/></ac:link>'

/** Two pages with properties, one without, one that not every reader may open. */
const site = () =>
  wiki({
    people: { kim: 'Kim' },
    labelled: async () => ['B', 'A', 'Bare', 'Closed'].map((title) => pageLink(title)),
    pages: {
      'HR:A': `<p>x</p>${properties(row('Owner', kim) + row('Cost', '5'))}${properties(row('Owner', 'old'), { id: 'x' })}`,
      'HR:B': properties('<tr><th>Cost</th><th>Status</th></tr><tr><td>7</td><td><b>open</b></td></tr>', {
        hidden: 'true',
      }),
      'HR:Bare': '<p>nothing</p>',
      'HR:Closed': { outcome: 'not_permitted', url: 'https://wiki.example/closed' },
    },
  })

const cells = (html: string) =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, line = '']) =>
    line.replace(/<\/t[hd]>(?!$)/g, ' | ').replace(/<[^>]+>/g, ''),
  )

describe('a page properties report', () => {
  it('is a table of what the labelled pages say of themselves', async () => {
    expect(cells(await rendered(macro('detailssummary', { cql: 'label = "plan"', id: '' }), site()))).toEqual(
      ['Title | Cost | Status | Owner', 'B | 7 | open | ', 'A | 5 |  | old'],
    )
  })

  it('has the columns, the order and the macros that its author chose', async () => {
    const parameters = { label: 'plan', headings: 'Owner, Cost', firstcolumn: 'Plan', sortBy: 'Plan' }
    expect(cells(await rendered(macro('detailssummary', parameters), site()))).toEqual([
      'Plan | Owner | Cost',
      'A | old | 5',
      'B |  | 7',
    ])
    expect(cells(await rendered(macro('detailssummary', { label: 'plan', id: 'x' }), site()))).toEqual([
      'Title | Owner',
      'A | old',
    ])
  })

  it('knows the people in it, and reads each page once', async () => {
    const one = wiki({
      people: { kim: 'Kim' },
      labelled: async () => [pageLink('A')],
      pages: { 'HR:A': properties(row('Owner', kim)) },
    })
    const report = macro('detailssummary', { label: 'plan' })
    expect(await rendered(report + report, one)).toContain('@Kim')
    expect(one.asked).toEqual(['include HR:A', 'users kim'])
  })

  it('is named as missing when it asks for more than labels', async () => {
    expect(await losses(macro('detailssummary', { cql: 'ancestor = 5' }), site())).toEqual([
      { code: 'unsupported_macro', name: 'detailssummary' },
    ])
  })

  it('says when it may be cut', async () => {
    expect(await losses(macro('detailssummary', { label: 'plan', pageSize: '4' }), site())).toEqual([
      { code: 'partial_list', name: 'detailssummary' },
    ])
  })
})
