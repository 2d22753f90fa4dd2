/**
 * A document's own outline, which tells its headings and how deep they are.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import type { PdfDocument } from './document.ts'
import { readString } from './pdfium.ts'

export interface Bookmark {
  readonly title: string
  /** 0 for the outermost. */
  readonly depth: number
}

/** They may point at one another in circles. */
const [mostBookmarks, deepest] = [10_000, 32]
const longestTitle = 2_048

function pageOf({ pdfium, handle }: PdfDocument, bookmark: number): number {
  const own = pdfium.FPDFBookmark_GetDest(handle, bookmark)
  const action = own === 0 ? pdfium.FPDFBookmark_GetAction(bookmark) : 0
  const destination = action === 0 ? own : pdfium.FPDFAction_GetDest(handle, action)
  return destination === 0 ? -1 : pdfium.FPDFDest_GetDestPageIndex(handle, destination)
}

/** The bookmarks of a page, by their bare titles; of several with one title, the first. */
export type Bookmarks = ReadonlyMap<string, Bookmark>

/** By the index of the page that they lead to. */
export function readBookmarks(document: PdfDocument): ReadonlyMap<number, Bookmarks> {
  const { pdfium, handle } = document
  const byPage = new Map<number, Map<string, Bookmark>>()
  const seen = new Set<number>()
  const stack = [{ bookmark: pdfium.FPDFBookmark_GetFirstChild(handle, 0), depth: 0 }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { bookmark, depth } = next
    if (bookmark === 0 || seen.has(bookmark) || seen.size >= mostBookmarks) continue
    seen.add(bookmark)
    const title = collapseSpace(
      readString(pdfium, longestTitle, (buffer, size) =>
        pdfium.FPDFBookmark_GetTitle(bookmark, buffer, size),
      ),
    )
    const page = pageOf(document, bookmark)
    const here = byPage.get(page) ?? new Map<string, Bookmark>()
    byPage.set(page, here)
    if (!here.has(bare(title))) here.set(bare(title), { title, depth })
    stack.push({ bookmark: pdfium.FPDFBookmark_GetNextSibling(handle, bookmark), depth })
    if (depth < deepest)
      stack.push({ bookmark: pdfium.FPDFBookmark_GetFirstChild(handle, bookmark), depth: depth + 1 })
  }
  return byPage
}

/** What is left of a title when numbers before it, spaces and dots are not looked at. */
const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^[\d.\s]{1,20}/, '')
    .replace(/[\s.]/g, '')

/** The bookmark that this text is the heading of. */
export function bookmarkOf(text: string, bookmarks: Bookmarks): Bookmark | undefined {
  const plain = bare(text)
  return plain === '' ? undefined : bookmarks.get(plain)
}
