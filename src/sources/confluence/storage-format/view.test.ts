import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { losses, macro, pageNamed, rendered, rich, wiki } from '../../../../test/fidelity/wiki.ts'
import { OutflowError } from '../../../model/errors.ts'
import { readMacro, textOf } from './macro.ts'
import { readPage } from './read-page.ts'
import { parseStorage, type XmlElement } from './tree.ts'
import { readView } from './view.ts'

const shown = (name: string, text: string, id = `id-${name}`) =>
  `<div class="conf-macro output-block" data-hasbody="false" data-macro-id="${id}" data-macro-name="${name}">${text}</div>`

describe('macros that only the server can render', () => {
  it('are taken from its view, by id, and marked', async () => {
    const html = `<p>other</p>${shown('our-chart', '<p>A <b>graph</b></p><script>x()</script>')}`
    const site = wiki({ html })
    const storage = `<p>a</p>${macro('our-chart', { colour: 'red' })}<p>b</p>`
    expect(await rendered(storage, site)).toBe(
      '<p>a</p><div data-rendered-by="server"><p>A <b>graph</b></p></div><p>b</p>',
    )
    expect(await losses(storage, site)).toEqual([{ code: 'rendered_by_server', name: 'our-chart' }])
  })

  it('are asked for once a page, and not at all when there are none', async () => {
    const site = wiki({ html: '' })
    await rendered(`<p>a</p>${macro('info', {}, rich('b'))}`, site)
    expect(site.asked).toEqual([])
    await rendered(`${macro('our-chart')}${macro('jira', { key: 'A-1' })}`, site)
    expect(site.asked).toEqual(['view'])
  })

  it('are found by their place among those of their name when ids do not tell', async () => {
    const unnamed = (text: string) =>
      `<span class="conf-macro output-inline" data-macro-name="our-chart">${text}</span>`
    const two = `<p>${macro('our-chart')}</p><p>${macro('our-chart')}</p>`
    expect(await rendered(two, wiki({ html: unnamed('one') + unnamed('two') }))).toBe(
      '<p><span data-rendered-by="server">one</span></p><p><span data-rendered-by="server">two</span></p>',
    )
  })

  it('are not guessed: another number of them, and none is taken', async () => {
    const html = shown('our-chart', 'one', 'x') + shown('our-chart', 'two', 'y')
    expect(await rendered(macro('our-chart'), wiki({ html }))).toBe('')
  })

  it('are named as missing when the view cannot be had or shows nothing', async () => {
    const empty = shown('our-chart', '<div class="ap-content"><script>load()</script></div>')
    for (const site of [wiki(), wiki({ html: empty })]) {
      expect(await rendered(macro('our-chart'), site)).toBe('')
      expect(await losses(macro('our-chart'), site)).toEqual([
        { code: 'unsupported_macro', name: 'our-chart' },
      ])
    }
  })

  it('are not asked for when the settings say so', async () => {
    const site = wiki({ html: shown('our-chart', 'one'), bodyMode: 'storage' })
    expect(await rendered(macro('our-chart'), site)).toBe('')
    expect(site.asked).toEqual([])
  })

  it('Jira issues have their key at least', async () => {
    const storage = `<p>See ${macro('jira', { key: 'HR-7', serverId: 'x' })}</p>`
    expect(await rendered(storage)).toBe('<p>See <span>HR-7</span></p>')
    const html = `<span class="conf-macro output-inline" data-macro-name="jira" data-macro-id="id-jira"><a href="https://jira/HR-7">HR-7</a> - Pay</span>`
    expect(await rendered(storage, wiki({ html }))).toBe(
      '<p>See <span data-rendered-by="server"><a href="https://jira/HR-7">HR-7</a> - Pay</span></p>',
    )
    expect(await losses(macro('jira', { jqlQuery: 'project = HR' }))).toEqual([
      { code: 'unsupported_macro', name: 'jira' },
    ])
  })
})

describe('what shows other pages', () => {
  it('is never taken from the view: not by name, not by parameter, not inside another macro', async () => {
    const secret = 'Secret'
    const html =
      shown('page-list', secret) +
      shown('multiexcerpt-include', secret) +
      shown('our-chart', `graph${shown('include', secret)}${shown('blog-posts', secret)}`) +
      shown('our-box', secret)
    const site = wiki({ html, pages: { 'HR:Other': { outcome: 'not_permitted' } } })
    const storage =
      macro('page-list') +
      macro('multiexcerpt-include') +
      macro('our-chart') +
      macro('our-box', { source: `<ac:link>${pageNamed('Other')}</ac:link>` }) +
      macro('our-box', { cql: 'label = "x"' }) +
      macro('include', { '': `<ac:link>${pageNamed('Other')}</ac:link>` })
    expect(await rendered(storage, site)).toBe('<div data-rendered-by="server">graph</div>')
  })
})

describe('a page taken from the view as a whole', () => {
  const include = macro('include', { '': `<ac:link>${pageNamed('Other')}</ac:link>` })
  const view = (html: string) =>
    wiki({ html, bodyMode: 'view', pages: { 'HR:Other': '<p>what all may read</p>' } })

  it('is what the server shows', async () => {
    const site = view(
      '<h2 id="x">A</h2><div class="confluence-information-macro confluence-information-macro-note"><p>b</p></div>',
    )
    expect(await rendered('<h2>A</h2>', site)).toBe(
      '<h2 id="x">A</h2><aside data-panel="note"><p>b</p></aside>',
    )
    expect(await losses('<h2>A</h2>', site)).toEqual([{ code: 'rendered_by_server', name: 'Plan' }])
  })

  it('has our own rendering where it shows other pages', async () => {
    const site = view(`<p>a</p>${shown('include', 'for the crawler alone')}<p>b</p>`)
    expect(await rendered(`<p>a</p>${include}<p>b</p>`, site)).toBe(
      '<p>a</p><div data-included-from="HR-Other"><p>what all may read</p></div><p>b</p>',
    )
  })

  it('is not used when what shows other pages cannot be told from the rest', async () => {
    const site = view('<p>a</p><p>for the crawler alone</p>')
    expect(await rendered(`<p>a</p>${include}`, site)).toBe(
      '<p>a</p><div data-included-from="HR-Other"><p>what all may read</p></div>',
    )
    expect(await losses(`<p>a</p>${include}`, site)).toEqual([{ code: 'view_not_used', name: 'Plan' }])
  })

  it('does not tell the titles of pages behind cards', async () => {
    const card = '<p><a href="https://wiki.example/x" data-card-appearance="inline">Secret plan</a></p>'
    expect(await rendered('', view(card))).toBe(
      '<p><a href="https://wiki.example/x" data-card-appearance="inline">https://wiki.example/x</a></p>',
    )
  })
})

const realViews = join(import.meta.dirname, '../../../../../shared/corpus/view')
const thereAreRealViews = existsSync(realViews)
if (!thereAreRealViews) console.warn(`No views in ${realViews}: real ones are not tested.`)

describe.skipIf(!thereAreRealViews)('views of a real site', () => {
  const real = (file: string) => readFileSync(join(realViews, file), 'utf8')
  const withId = (name: string, id: string) => `<ac:structured-macro ac:name="${name}" ac:macro-id="${id}"/>`

  it('say of what other pages happened what we keep out', async () => {
    const storage =
      withId('recently-updated', 'f9d6b4ce776b6df2ba84df23c64944e6') +
      withId('blog-posts', '45110fb0-b1a0-433b-a707-39944dddecb0')
    const site = wiki({ html: real('unstructured-196720.html'), bodyMode: 'view' })
    const html = await rendered(storage, site)
    expect(html).toContain('Get in touch')
    expect(html).not.toMatch(/contributed by|Recent updates|Blog stream/)
    expect((await losses(storage, site)).map(({ name }) => name)).toEqual([
      'recently-updated',
      'blog-posts',
      'Plan',
    ])
  })

  it('hold each macro under its id', () => {
    const view = readView(real('unstructured-196752.html'), () => false)
    const [element] = parseStorage(withId('status', '602f9270-63d2-48ce-b46d-56774f409e47')).children
    const fragment = view.fragment(readMacro(element as XmlElement), { nth: 0, of: 1 })
    expect(textOf(fragment).trim()).toBe('LOW')
  })

  it('of Jira issues of a Data Center are tables', async () => {
    const site = wiki({ html: real('jenkins-wiki-github.html'), deployment: 'data-center' })
    expect(await rendered(macro('jiraissues', { url: 'x' }), site)).toMatch(
      /<div data-rendered-by="server">.*<table/s,
    )
  })
})

describe('what goes wrong around a page', () => {
  it('costs one answer, unless it must stop the run', async () => {
    const refuse = (kind: 'credentials' | 'transient') => () =>
      Promise.reject(new OutflowError({ kind, code: 'x.y', message: 'no' }))
    const site = (kind: 'credentials' | 'transient') => ({
      asked: [],
      surroundings: { ...wiki().surroundings, view: refuse(kind) },
    })
    expect(await rendered(`<p>a</p>${macro('our-chart')}`, site('transient'))).toBe('<p>a</p>')
    await expect(readPage({ storage: macro('our-chart'), ...site('credentials') })).rejects.toThrow('no')
  })
})
