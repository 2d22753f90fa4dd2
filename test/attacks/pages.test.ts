import { describe, expect, it } from 'vitest'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import {
  attack,
  flavours,
  include,
  macro,
  pageLink,
  parameter,
  rendered,
  secret,
  titlesWith,
  wiki,
} from './scene.ts'

const bodies = ['auto', 'storage', 'view'] as const

/** A page only the board may read, full of words worth stealing. */
function guarded() {
  const site = wiki()
  const closed = site.world.addPage(site.home, `${secret} plans`, {
    body: `<p>${secret}</p>${macro('excerpt', `<ac:rich-text-body><p>${secret}</p></ac:rich-text-body>`)}${macro('details', `<ac:rich-text-body><table><tr><th>Sum</th><td>${secret}</td></tr></table></ac:rich-text-body>`)}`,
    read: [site.board],
    labels: ['plan'],
  })
  const below = site.world.addPage(closed, `${secret} detail`, { body: `<p>${secret}</p>`, labels: ['plan'] })
  return { ...site, closed, below }
}

/** Only the closed pages themselves may hold the word. */
const closedAlone = [`${secret} detail`, `${secret} plans`]

async function holders(
  site: ReturnType<typeof guarded>,
  flavour: (typeof flavours)[number],
  body: (typeof bodies)[number],
) {
  const tried = await attack({ world: site.world, flavour, settings: { body } })
  expect(tried.notDone).toEqual([])
  return titlesWith(tried, secret)
}

describe.each(flavours)('a hostile page author on %s', (flavour) => {
  // The titles that a page itself writes down are its own words, so these attacks name pages by what does not hold the secret.
  const named = 'Innocent'
  const attacks: Readonly<Record<string, (site: ReturnType<typeof guarded>) => string>> = {
    'children of the closed page’s parent': () => macro('children', parameter('all', 'true')),
    'a page tree of the space': () =>
      macro('pagetree', parameter('root', pageLink('Home')) + parameter('startDepth', '9')),
    'a page tree from the home page': () =>
      macro('pagetree', parameter('root', '@home') + parameter('startDepth', '9')),
    'content by label': () => macro('contentbylabel', parameter('cql', 'label = "plan" and space = "HR"')),
    'content by label, of old': () =>
      macro('contentbylabel', parameter('labels', 'plan') + parameter('spaces', 'HR')),
    'a report of page properties': () => macro('detailssummary', parameter('cql', 'label = "plan"')),
    'a link by content id': ({ closed }) =>
      `<p><ac:link><ri:content-entity ri:content-id="${closed.id}" /></ac:link></p>`,
    'recent changes': () => macro('recently-updated', parameter('spaces', 'HR')),
  }

  describe.each(bodies)('with body %s', (body) => {
    it.each(Object.keys(attacks))('does not get at it by %s', async (way) => {
      const site = guarded()
      site.world.addPage(site.home, named, { body: `<p>Look:</p>${attacks[way]!(site)}` })
      expect(await holders(site, flavour, body)).toEqual(closedAlone)
    })

    it('does not get at its text by includes, however nested or disguised', async () => {
      const site = guarded()
      site.world.rename(site.closed, 'Closed')
      site.world.rename(site.below, 'Closed below')
      const [closed, excerpt] = [
        include('Closed'),
        macro('excerpt-include', parameter('', pageLink('Closed'))),
      ]
      const inRich = (inside: string) => `<ac:rich-text-body>${inside}</ac:rich-text-body>`
      const disguises = [
        closed,
        excerpt,
        closed.replaceAll('"include"', '"INCLUDE"'),
        macro('excerpt-include', parameter('', 'HR:Closed') + parameter('nopanel', 'true')),
        macro('include', parameter('', 'Closed') + parameter('spaceKey', 'HR')),
        macro('expand', inRich(closed)),
        macro('excerpt', inRich(excerpt)),
        macro('unheard-of', inRich(closed)),
        macro('html', `<ac:plain-text-body><![CDATA[${closed}]]></ac:plain-text-body>`),
        `<table><tr><td>${closed}</td></tr></table>`,
        `<ac:layout><ac:layout-section><ac:layout-cell>${closed}</ac:layout-cell></ac:layout-section></ac:layout>`,
        `<ac:link><ri:page ri:content-title="Home" /><ac:link-body>${closed}</ac:link-body></ac:link>`,
        macro('jira', parameter('key', 'X-1') + inRich(closed)),
        include('Closed', 'HR'),
        include('Closed', ' HR '),
        include('Closed', 'hr'),
        include('Closed below'),
      ]
      for (const [index, disguise] of disguises.entries())
        site.world.addPage(site.home, `Innocent ${index}`, { body: `<p>Look:</p>${disguise}` })
      site.world.addPage(site.home, 'By way of', { body: include('Innocent 0') })
      const posts = site.world.addBlogPost(site.hr, 'Post', { body: closed + excerpt })
      expect(posts.type).toBe('blogpost')
      expect(await holders(site, flavour, body)).toEqual(['Closed', 'Closed below'])
    })

    it('gets no text of a space that one reader may not view, by a list of space keys or by a key in other letters', async () => {
      const site = wiki()
      const boardroom = site.world.addSpace('BRD', 'Board')
      site.world.grant(boardroom, site.board, VIEW)
      site.world.grant(boardroom, site.world.crawler, ADMINISTER)
      site.world.addPage(boardroom, 'Closed', { body: `<p>${secret}</p>` })
      for (const [index, key] of ['BRD', 'HR,BRD', 'BRD,HR', 'brd', 'Brd', 'BRD ', ' BRD'].entries())
        site.world.addPage(site.home, `Innocent ${index}`, { body: include('Closed', key) })
      const tried = await attack({ world: site.world, flavour, settings: { body } })
      expect(titlesWith(tried, secret)).toEqual(['Closed'])
    })
  })

  it.each(['auto', 'view'] as const)(
    'gets nothing out of what the server renders with body %s',
    async (body) => {
      const site = guarded()
      const address = `/wiki/pages/viewpage.action?pageId=${site.closed.id}`
      const link = `<a href="${address}" data-linked-resource-id="${site.closed.id}" data-linked-resource-default-alias="${secret}" title="${secret}">${secret} plans</a>`
      const card = `<a href="${address}" data-card-appearance="inline">${secret} plans</a>`
      const shown: readonly (readonly [storage: string, view: string])[] = [
        [macro('hot-things', '', 'm1'), rendered('hot-things', link, 'm1')],
        [macro('fancy', '', 'm1'), rendered('fancy', card, 'm1')],
        [
          macro('mirror', parameter('page', pageLink('Home')), 'm1'),
          rendered('mirror', `<p>${secret}</p>`, 'm1'),
        ],
        [
          macro('shiny', parameter('pageId', site.closed.id), 'm1'),
          rendered('shiny', `<p>${secret}</p>`, 'm1'),
        ],
        [
          macro('attachments', parameter('page', pageLink('Home')), 'm1'),
          rendered('attachments', `<p>${secret}.pdf</p>`, 'm1'),
        ],
        [
          macro('rss', parameter('url', 'https://wiki.example/feed'), 'm1'),
          rendered('rss', `<p>${secret}</p>`, 'm1'),
        ],
        [
          macro('html-include', parameter('url', 'https://wiki.example/'), 'm1'),
          rendered('html-include', `<p>${secret}</p>`, 'm1'),
        ],
        [macro('fancy', '', 'm1'), rendered('fancy', rendered('include', `<p>${secret}</p>`), 'm1')],
        [
          macro('jira', `<ac:rich-text-body>${include('Home')}</ac:rich-text-body>`, 'm1'),
          rendered('jira', `<div>${secret}</div>`, 'm1'),
        ],
        [
          `<p><ac:link><ri:content-entity ri:content-id="${site.closed.id}" /></ac:link></p>`,
          `<p>${link}</p>`,
        ],
        [`<p><a href="${address}" data-card-appearance="inline">${address}</a></p>`, `<p>${card}</p>`],
      ]
      for (const [index, [storage, view]] of shown.entries())
        site.world.addPage(site.home, `Innocent ${index}`, {
          body: `<p>Look:</p>${storage}`,
          view: `<p>Look:</p>${view}`,
        })
      expect(await holders(site, flavour, body)).toEqual(closedAlone)
    },
  )

  it('puts no markup into the output by a title, a name or a link', async () => {
    const site = wiki()
    const nasty = `</h1><script>alert(1)</script>&amp;"'<b>`
    site.world.addPage(site.home, nasty, {
      body: `<table><tr><td>&lt;script&gt;</td><td>${macro('status', parameter('title', '&lt;img onerror=x&gt;'))}</td></tr></table>`,
    })
    site.world.addPage(site.home, 'Lists it', {
      body: macro('children', '') + macro('pagetree', parameter('startDepth', '3')),
    })
    const tried = await attack({ world: site.world, flavour })
    expect(tried.elements(nasty)[0]!.text).toBe(nasty)
    for (const { metadata } of tried.elements(nasty))
      expect(metadata.text_as_html ?? '').not.toMatch(/<script|<img/)
  })

  it('sends no request anywhere by what a page says', async () => {
    const site = wiki()
    await using foreign = await (await import('../support/loopback.ts')).serve(
      (_, response) => void response.end(),
    )
    const url = `${foreign.origin}/x`
    site.world.addPage(site.home, 'Calls home', {
      body: [
        `<p><ac:image><ri:url ri:value="${url}" /></ac:image><img src="${url}" /></p>`,
        macro('iframe', parameter('src', `<ri:url ri:value="${url}" />`)),
        macro('html-include', parameter('url', url)),
        macro('widget', parameter('url', `<ri:url ri:value="${url}" />`)),
        macro('jira', parameter('server', url) + parameter('key', 'X-1')),
        `<p><a href="${url}" data-card-appearance="inline">${url}</a></p>`,
        include('//x', foreign.origin),
        `<p><ac:link><ri:user ri:account-id="../../${url}" ri:userkey="../../${url}" /></ac:link></p>`,
      ].join(''),
    })
    for (const body of bodies) await attack({ world: site.world, flavour, settings: { body } })
    expect(foreign.seen).toEqual([])
  })
})
