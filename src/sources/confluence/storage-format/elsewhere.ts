/**
 * Whether what the server rendered tells of other pages. It was rendered for the crawling account; titles and texts of other pages
 * are for their own readers.
 *
 * @module
 */

import { parseAddress } from '../address.ts'
import { shownText } from './macro.ts'
import type { XmlElement } from './tree.ts'

interface Own {
  readonly id: string
  readonly title: string
  readonly url: string
}

/** Whether something holds a link to another page, or to a file on one: macros that list or quote pages link to them. */
export function tellsOfOthers(element: XmlElement, page: Own): boolean {
  if (element.name === 'a' && leadsElsewhere(element.attributes.href ?? '', page)) return true
  return element.children.some((child) => typeof child !== 'string' && tellsOfOthers(child, page))
}

/** Whether an address is that of another page or of a file on one, whatever the host is called. */
export function leadsElsewhere(href: string, page: Own): boolean {
  if (href.startsWith('#') || !URL.canParse(href, page.url)) return false
  const { href: address, protocol, pathname } = new URL(href, page.url)
  if (protocol !== 'https:' && protocol !== 'http:') return false
  const owner = /\/download\/(?:attachments|thumbnails)\/(\d+)\//.exec(pathname)?.[1]
  const { pageId = owner, title } = parseAddress(address)
  return pageId === undefined ? title !== undefined && title !== page.title : pageId !== page.id
}

/** Words that a page itself puts on its links. */
export function wordsOnLinks(element: XmlElement): ReadonlySet<string> {
  const words = new Set<string>()
  const visit = (each: XmlElement): void => {
    if (each.name === 'ac:link' || each.name === 'a') words.add(oneLine(shownText(each)))
    const title = each.attributes['ri:content-title']
    if (title !== undefined) words.add(oneLine(title))
    for (const child of each.children) if (typeof child !== 'string') visit(child)
  }
  visit(element)
  return words
}

/** The words on a link, as they are compared. */
export const wordsOn = (link: XmlElement) => oneLine(shownText(link))

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
