import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Content } from '../../src/model/content.ts'
import type { Element } from '../../src/model/element.ts'
import { partitionHtml } from '../../src/partition/html.ts'
import { memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER } from '../../src/sandbox/principals.ts'
import { type Loopback, serve } from '../support/loopback.ts'
import { type Flavour, walk } from './walking.ts'

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const file = { mediaType: 'image/jpeg', bytes: () => new Uint8Array(png) }
const picture = (name: string) =>
  `<ac:image ac:alt="A ${name}"><ri:attachment ri:filename="${name}"/><ac:caption><p>Seen from the side</p></ac:caption></ac:image>`
const foreign = (url: string) => `<ac:image ac:alt="Foreign"><ri:url ri:value="${url}"/></ac:image>`

let elsewhere: Loopback
beforeAll(async () => {
  elsewhere = await serve((_seen, response) => void response.writeHead(200).end(png))
})
afterAll(() => elsewhere.close())

async function elementsOf({ body }: Content): Promise<readonly Element[]> {
  if (!('markup' in body)) throw new Error('It did not come as markup.')
  return partitionHtml(body, { languages: [''] })
}

const images = (elements: readonly Element[]) => elements.filter(({ type }) => type === 'Image')

describe.each(['cloud', 'data-center'] as const)('pictures in pages of %s', (flavour: Flavour) => {
  function site(body: string) {
    const world = memoryWorld({ name: 'Pictures' })
    const space = world.addSpace('HR', 'People')
    world.grant(space, world.crawler, ADMINISTER)
    const page = world.addPage(space, 'Plan', { body })
    return { world, space, page }
  }

  async function imagesOf(world: Parameters<typeof walk>[0]['world'], hosts: readonly string[] = []) {
    const settings = { extract_images: true, allow_list: [...hosts], comments: 'none' as const }
    const { contents } = await walk({ world, flavour, settings, read: true })
    const content = contents.get('Plan')!
    return { images: images(await elementsOf(content)), losses: content.losses ?? [] }
  }

  it('come in their place, with their bytes and the type that these have', async () => {
    const { world, page } = site(`<p>Before</p>${picture('frame.jpg')}<p>After</p>`)
    world.addAttachment(page, 'frame.jpg', file)
    const { images: found, losses } = await imagesOf(world)
    expect(losses).toEqual([])
    expect(found).toMatchObject([
      {
        text: 'A frame.jpg',
        metadata: {
          image_mime_type: 'image/png',
          image_base64: png.toString('base64'),
          image_file: 'frame.jpg',
        },
      },
    ])
  })

  it('cost only themselves when they are not there, or are no pictures', async () => {
    const { world, page } = site(
      `<p>Text</p>${picture('gone.png')}${picture('page.png')}${picture('frame.jpg')}`,
    )
    world.addAttachment(page, 'frame.jpg', file)
    world.addAttachment(page, 'page.png', {
      ...file,
      bytes: () => new TextEncoder().encode('<html>no</html>'),
    })
    const { images: found, losses } = await imagesOf(world)
    expect(found.map(({ metadata }) => metadata.image_base64 !== undefined)).toEqual([false, false, true])
    expect(losses).toEqual([
      { code: 'image_not_available', name: 'gone.png' },
      { code: 'image_not_available', name: 'page.png' },
    ])
  })

  it('of other pages are not fetched by an address that an author wrote', async () => {
    const { world, space, page } = site('')
    const closed = world.addPage(space, 'Closed', { body: '<p>Only for some</p>', read: [world.crawler] })
    world.addAttachment(closed, 'secret.png', file)
    const base = flavour === 'cloud' ? '/wiki' : ''
    world.edit(
      page,
      ['attachments', 'thumbnails']
        .map((kind) => `<img src="${base}/download/${kind}/${closed.id}/secret.png" data-file="secret.png"/>`)
        .join(''),
    )
    const { images: found, losses } = await imagesOf(world)
    expect(found.filter(({ metadata }) => metadata.image_base64 !== undefined)).toEqual([])
    expect(losses.map(({ code }) => code)).toEqual(['image_not_available', 'image_not_available'])
  })

  it('of other hosts are fetched where the settings name the host, without credentials', async () => {
    const { world } = site(foreign(`${elsewhere.origin}/a.png`))
    const before = elsewhere.seen.length
    expect((await imagesOf(world)).losses).toMatchObject([{ code: 'image_not_available' }])
    expect(elsewhere.seen.length).toBe(before)
    const { images: found } = await imagesOf(world, ['127.0.0.1'])
    expect(found[0]!.metadata.image_mime_type).toBe('image/png')
    expect(elsewhere.seen.at(-1)!.headers).not.toHaveProperty('authorization')
    expect(elsewhere.seen.at(-1)!.headers).not.toHaveProperty('cookie')
  })

  it('of the site itself are never fetched by its address, and no way round by another host leads there', async () => {
    const { world, space, page } = site('')
    const closed = world.addPage(space, 'Closed', { body: '<p>Only for some</p>', read: [world.crawler] })
    const secret = world.addAttachment(closed, 'secret.png', file)
    await using detour = await serve((seen, response) => {
      response.writeHead(302, { location: new URL(seen.path, 'http://x').searchParams.get('to')! }).end()
    })
    const path =
      flavour === 'cloud'
        ? `/rest/api/content/${closed.id}/child/attachment/${secret.id}/download`
        : `/download/attachments/${closed.id}/secret.png`
    const { contents, requests } = await walk({
      ...{ world, flavour, read: true },
      settings: { extract_images: true, allow_list: ['127.0.0.1'], comments: 'none' },
      before(sandbox) {
        const address = `${sandbox.url}${path}`
        world.edit(page, foreign(address) + foreign(`${detour.origin}/?to=${encodeURIComponent(address)}`))
      },
    })
    const found = images(await elementsOf(contents.get('Plan')!))
    expect(found.map(({ metadata }) => metadata.image_base64)).toEqual([undefined, undefined])
    expect(detour.seen).toHaveLength(1)
    expect(requests(/secret|child\/attachment\/.*download/)).toBe(0)
  })

  it('of other hosts cost only themselves, and the site waits for none of them', async () => {
    await using trouble = await serve((seen, response) => {
      const status = Number(seen.path.slice(1))
      const headers = status === 302 ? { location: 'http://nowhere.invalid/' } : { 'retry-after': '30' }
      response.writeHead(status, headers).end()
    })
    const statuses = [302, 401, 403, 407, 429, 500, 503]
    const { world } = site(
      statuses.map((status) => foreign(`${trouble.origin}/${status}`)).join('') +
        foreign('http://nowhere.invalid/a.png'),
    )
    const started = performance.now()
    const { images: found, losses } = await imagesOf(world, ['127.0.0.1', 'nowhere.invalid'])
    expect(found).toHaveLength(statuses.length + 1)
    expect(losses.map(({ code }) => code)).toEqual(found.map(() => 'image_not_available'))
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(trouble.seen.map(({ path }) => Number(path.slice(1)))).toEqual(statuses)
  })
})
