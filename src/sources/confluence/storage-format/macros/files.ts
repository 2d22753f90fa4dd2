/**
 * Macros that show a file or a page of the web in a frame: a link to it.
 *
 * @module
 */

import { attachmentUrl, resourceWithin, type Target, targetOf } from '../elements/resources.ts'
import type { Macro, MacroRule, Renderer } from '../renderer.ts'

/** An attachment, of this page or another one. */
const file: MacroRule = {
  render(macro, renderer) {
    const target = fileTarget(macro, renderer)
    if (target.label === '') renderer.lose('unsupported_macro', macro.name)
    else renderLinkLine(target, renderer)
  },
}

/** An address. */
const frame: MacroRule = {
  render(macro, renderer) {
    const address = addressOf(macro)
    if (address === '') renderer.lose('unsupported_macro', macro.name)
    else renderLinkLine({ label: address, href: address }, renderer)
  },
}

/** The server puts the text of that address in its place, and it may be one of this wiki. */
const webPage: MacroRule = { ...frame, showsOtherPages: true }

export const fileMacros: Readonly<Record<string, MacroRule>> = {
  'view-file': file,
  viewfile: file,
  viewpdf: file,
  viewdoc: file,
  viewxls: file,
  viewppt: file,
  multimedia: file,
  'office-word': file,
  'office-excel': file,
  'office-powerpoint': file,
  widget: frame,
  iframe: frame,
  'html-include': webPage,
  youtube: frame,
}

function fileTarget(macro: Macro, renderer: Renderer): Target {
  const resource = resourceWithin(macro.parameter('name')) ?? resourceWithin(macro.parameter(''))
  const page = resourceWithin(macro.parameter('page'))
  const named: Target = resource
    ? targetOf(resource, renderer)
    : { label: macro.text('name') || macro.text('') }
  const hints = { 'data-file': named.label }
  const href = page ? targetOf(page, renderer).href : (named.href ?? attachmentUrl(named.label, renderer))
  return { label: named.label, hints, ...(href !== undefined && { href }) }
}

function addressOf(macro: Macro): string {
  for (const name of ['url', 'src', '']) {
    const address = resourceWithin(macro.parameter(name))?.attributes['ri:value'] ?? macro.text(name)
    if (address !== '') return address
  }
  return ''
}

function renderLinkLine({ label, href, hints }: Target, { out }: Renderer): void {
  out.element('p', {}, () => out.phrase('a', { ...(href !== undefined && { href }), ...hints }, label))
}
