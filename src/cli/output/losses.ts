/**
 * What documents show otherwise than they are, in words for a person: one line for each way, with the names it happened to.
 *
 * @module
 */

import type { Loss } from '../../model/content.ts'
import { printable } from '../terminal.ts'

const words: Readonly<Record<string, string>> = {
  attachment_unread: 'files attached to mails that could not be read',
  broken_image: 'images that name no picture',
  broken_link: 'links that lead nowhere',
  broken_macro: 'macros that are incomplete',
  chapter_missing: 'chapters that are not in their book',
  drawing_not_read: 'drawings without text that could be read',
  embedded_document_not_read: 'documents inside documents that are not read',
  image_not_available: 'pictures that could not be had',
  image_without_ocr: 'pictures whose text could not be read',
  include_failed: 'included pages that could not be read, a link instead',
  include_missing: 'included pages that are not there',
  include_not_permitted: 'included pages that not every reader may open, a link instead',
  include_stopped: 'includes that go round in circles or too deep',
  page_damaged: 'pages of PDFs that are damaged',
  partial_list: 'lists of pages that may be shorter than there',
  picture_without_data: 'pictures whose bytes would be too much',
  rendered_by_server: 'macros as the server shows them',
  scanned_page_without_ocr: 'scanned pages whose text could not be read',
  sheet_missing: 'sheets that are not in their workbook',
  unknown_macro: 'macros nobody knows, their content kept',
  unsupported_macro: 'macros that could not be shown',
  view_not_used: 'server renderings that could not be used',
}

const mostNames = 8

export interface LossCounts {
  note(losses: readonly Loss[]): void
  /** Without indentation; empty when nothing was lost. */
  lines(): readonly string[]
}

export function createLossCounts(): LossCounts {
  const byCode = new Map<string, Map<string, number>>()
  return {
    note(losses) {
      for (const { code, name } of losses) {
        const names = byCode.get(code) ?? new Map<string, number>()
        byCode.set(code, names)
        names.set(name, (names.get(name) ?? 0) + 1)
      }
    },
    lines: () => [...byCode].map(([code, names]) => printable(`${words[code] ?? code}: ${listed(names)}`)),
  }
}

/** The most frequent names first. */
function listed(names: ReadonlyMap<string, number>): string {
  const sorted = [...names].sort(([, one], [, other]) => other - one)
  const shown = sorted.slice(0, mostNames).map(([name, count]) => (count > 1 ? `${name} (${count})` : name))
  const more = sorted.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
}
