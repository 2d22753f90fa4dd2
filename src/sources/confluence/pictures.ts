/**
 * Pictures of a page: fetched while its content is made, and put into the markup where they stand. Only what is attached to the page, or to
 * one that it shows and that all its readers may open, is fetched with our credentials: an address that an author wrote may lead to a file
 * of a page that those readers cannot open. Other addresses are asked without credentials, and only hosts that the settings name.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { anyPictureType } from '../../kit/picture-type.ts'
import type { CallContext } from '../../model/call.ts'
import type { Loss } from '../../model/content.ts'
import type { Markup } from '../../model/markup.ts'
import type { ConfluenceApi, FileAddress } from './api.ts'
import { downloadFile, downloadForeign } from './files/download.ts'
import { isLocal } from './seat.ts'
import type { Surroundings } from './surroundings.ts'

/** Which pictures are wanted. */
export interface PictureRules {
  /** Hosts beside the site: `cdn.acme.com`, `*.acme.com`. */
  readonly hosts: readonly string[]
}

interface PictureOptions extends CallContext {
  readonly api: Pick<ConfluenceApi, 'saveFile' | 'saveForeign' | 'site'>
  readonly surroundings: Surroundings
  readonly rules: PictureRules
  /** Ids of the pages whose files may show: the page itself, and those that it includes. */
  readonly pages: ReadonlySet<string>
}

interface Picture {
  readonly type: string
  readonly base64: string
}

/** Bytes of one picture, and of all on one page. */
const mostBytes = 20_000_000
const mostOnPage = 100_000_000

/** The same markup with `data-image` and `data-image-type` on what could be had; the rest is told, one loss each. */
export async function withPictures(
  markup: Markup,
  options: PictureOptions,
): Promise<{ readonly markup: Markup; readonly losses: readonly Loss[] }> {
  const sources = sourcesIn(markup)
  const pictures = new Map<string, Picture>()
  const losses: Loss[] = []
  const files = await filesOf(sources, options)
  let total = 0
  for (const [source, name] of sources) {
    const picture = await fetchPicture(source, files.get(source), options)
    total += picture?.base64.length ?? 0
    if (picture && total <= mostOnPage) pictures.set(source, picture)
    else losses.push({ code: 'image_not_available', name })
  }
  return { markup: pictures.size === 0 ? markup : replaced(markup, pictures), losses }
}

/** Addresses of all pictures, each once, with what they are called. */
function sourcesIn(markup: Markup): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  markup({
    open(name, { src, class: classes = '', alt = '', 'data-file': file }) {
      if (name !== 'img' || !src || src.startsWith('data:') || /(?:^|\s)emoticon(?:\s|$)/.test(classes))
        return
      if (!sources.has(src)) sources.set(src, file || alt || src)
    },
    text: () => {},
    close: () => {},
  })
  return sources
}

function replaced(markup: Markup, pictures: ReadonlyMap<string, Picture>): Markup {
  return (sink) =>
    markup({
      ...sink,
      open(name, attributes) {
        const picture = name === 'img' ? pictures.get(attributes.src ?? '') : undefined
        if (!picture) return sink.open(name, attributes)
        sink.open(name, { ...attributes, 'data-image': picture.base64, 'data-image-type': picture.type })
      },
      text: (text) => sink.text(text),
      close: (name) => sink.close(name),
    })
}

/** What is attached, by the address that shows it; one question a page. */
async function filesOf(
  sources: ReadonlyMap<string, string>,
  { surroundings, pages, api }: PictureOptions,
): Promise<ReadonlyMap<string, FileAddress>> {
  const files = new Map<string, FileAddress>()
  const places = [...sources.keys()].flatMap((source) => {
    const place = placeOf(source, api.site.webUrl)
    return place && pages.has(place.pageId) ? [{ source, ...place }] : []
  })
  for (const [pageId, here] of Map.groupBy(places, (place) => place.pageId)) {
    const names = [...new Set(here.map(({ filename }) => filename))]
    const found = await locally(surroundings.files(pageId, names))
    for (const { source, filename } of here) {
      const file = found?.get(filename)
      if (file) files.set(source, file)
    }
  }
  return files
}

/** Page and name in the address of an attached file, or of the small picture that the server makes of it. */
function placeOf(
  source: string,
  webUrl: string,
): { readonly pageId: string; readonly filename: string } | undefined {
  const base = `${webUrl}/download/`
  const { origin = '', pathname = '' } = URL.parse(source, `${webUrl}/`) ?? {}
  const path = `${origin}${pathname}`
  if (!path.startsWith(base)) return undefined
  const [, pageId, name] = /^(?:attachments|thumbnails)\/(\d+)\/([^/]+)$/.exec(path.slice(base.length)) ?? []
  if (pageId === undefined || name === undefined) return undefined
  try {
    return { pageId, filename: decodeURIComponent(name) }
  } catch {
    return undefined
  }
}

async function fetchPicture(
  source: string,
  file: FileAddress | undefined,
  { api, rules, signal }: PictureOptions,
): Promise<Picture | undefined> {
  const limits = { api, most: mostBytes, signal }
  const foreign = file ? undefined : foreignUrl(source, rules, api.site.webUrl)
  if (!file && !foreign) return undefined
  const saved = await locally(
    file
      ? downloadFile({ ...file, mediaType: 'application/octet-stream' }, limits)
      : downloadForeign(
          foreign!,
          (url) => foreignUrl(url.href, rules, api.site.webUrl) !== undefined,
          limits,
        ),
  )
  if (!saved) return undefined
  try {
    const bytes = await readFile(saved.path)
    const type = await anyPictureType(bytes)
    return type === undefined ? undefined : { type, base64: bytes.toString('base64') }
  } finally {
    await saved.dispose()
  }
}

/** The site itself is none, however the hosts are named: what it shows, it shows as an attached file, to those who may open that. */
function foreignUrl(source: string, rules: PictureRules, webUrl: string): URL | undefined {
  const url = URL.parse(source)
  return url && url.host !== new URL(webUrl).host && isAllowed(url, rules) ? url : undefined
}

function isAllowed({ protocol, hostname, host }: URL, { hosts }: PictureRules): boolean {
  if (protocol !== 'https:' && protocol !== 'http:') return false
  return hosts.some((allowed) =>
    allowed.startsWith('*.')
      ? hostname.endsWith(allowed.slice(1).toLowerCase())
      : [hostname, host].includes(allowed.toLowerCase()),
  )
}

/** What goes wrong costs one picture, unless it would go wrong for everything. */
async function locally<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work
  } catch (thrown) {
    if (isLocal(thrown)) return undefined
    throw thrown
  }
}
