/**
 * Diagrams: their source where the page holds it, else the preview that the drawing app attached to the page.
 *
 * @module
 */

import { inflateRawSync } from 'node:zlib'
import { attachmentUrl } from '../elements/resources.ts'
import type { Macro, MacroRule, Renderer } from '../renderer.ts'
import { renderSource, sourceOf } from './code.ts'

/** Diagrams are small; a packed one that is not is no diagram. */
const largestDiagram = 1_000_000

/** Source in the body, in a parameter as it is, or packed in one. */
function written(language: string): MacroRule {
  return {
    render(macro, renderer) {
      const source = sourceOf(macro) || macro.text('source') || unpacked(macro)
      if (source.trim() === '') renderName(macro, renderer)
      else renderSource(source, { language }, renderer)
    },
  }
}

/** A drawing app's macro: it keeps `NAME.png` beside its own file. */
const drawn: MacroRule = {
  render(macro, renderer) {
    const name = nameOf(macro)
    if (name === '') return renderer.lose('unsupported_macro', macro.name)
    const file = `${name}.png`
    renderer.out.element('img', { src: attachmentUrl(file, renderer), alt: name, 'data-file': file })
  },
}

/** A drawing that lives on another page, or in another product: its name is all that may be told. */
const elsewhere: MacroRule = { render: renderName, showsOtherPages: true }

export const diagramMacros: Readonly<Record<string, MacroRule>> = {
  plantuml: written('plantuml'),
  plantumlrender: written('plantuml'),
  plantumlcloud: written('plantuml'),
  mermaid: written('mermaid'),
  'mermaid-macro': written('mermaid'),
  'mermaid-cloud': written('mermaid'),
  'mermaidjs-macro': written('mermaid'),
  graphviz: written('dot'),
  digraph: written('dot'),
  flowchart: written('dot'),
  'zenuml-sequence-macro': written('zenuml'),
  drawio: drawn,
  'drawio-sketch': drawn,
  gliffy: drawn,
  'inc-drawio': elsewhere,
  lucidchart: elsewhere,
}

function renderName(macro: Macro, renderer: Renderer): void {
  renderer.lose('unsupported_macro', macro.name)
  const name = nameOf(macro)
  if (name !== '') renderer.out.phrase('p', {}, name)
}

function nameOf(macro: Macro): string {
  const names = ['diagramDisplayName', 'diagramName', 'name', 'filename', 'title']
  return names.map(macro.text).find((name) => name !== '') ?? ''
}

/** `data`: Base64, deflated when `compressed` says so, and percent-encoded by some versions. */
function unpacked(macro: Macro): string {
  const data = macro.text('data')
  if (!/^[\w+/=\s-]+$/.test(data)) return ''
  try {
    const bytes = Buffer.from(data, 'base64')
    const packed = macro.text('compressed') === 'true'
    const text = (packed ? inflateRawSync(bytes, { maxOutputLength: largestDiagram }) : bytes).toString()
    return /^(?:[^%]|%[0-9a-f]{2})*$/i.test(text) && !/\s/.test(text) ? decodeURIComponent(text) : text
  } catch {
    return ''
  }
}
