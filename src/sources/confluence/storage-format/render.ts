/**
 * The renderer: walks a page's tree and writes markup. What goes wrong in one macro, link or picture is taken back, named, and
 * replaced by the text it holds; nothing around it notices.
 *
 * @module
 */

import type { Loss } from '../../../model/content.ts'
import type { Surroundings } from '../surroundings.ts'
import { createAnchors } from './anchors.ts'
import { renderAdfExtension, renderAdfNode } from './elements/adf.ts'
import { renderEmoticon } from './elements/emoticons.ts'
import { renderHeading } from './elements/headings.ts'
import { renderHtml } from './elements/html.ts'
import { renderImage } from './elements/images.ts'
import { renderLink } from './elements/links.ts'
import { renderTask, renderTaskList } from './elements/tasks.ts'
import { hiddenNames, readMacro, shownText, textOf } from './macro.ts'
import { ruleFor } from './macros/rules.ts'
import type { Answers, Renderer, SourcePage } from './renderer.ts'
import { createTape, type Tape } from './tape.ts'
import type { XmlElement, XmlNode } from './tree.ts'

/** Pages within pages within pages: deeper, nobody reads. */
export const deepestInclude = 5

/** Pages that include many that include many grow without end; at so many pieces of markup, no more is included. */
const largestPage = 1_000_000

type RenderElement = (element: XmlElement, renderer: Renderer) => void

const hidden: RenderElement = () => {}
const block: RenderElement = ({ children }, { out, render }) => out.element('div', {}, () => render(children))

const elements: ReadonlyMap<string, RenderElement> = new Map<string, RenderElement>([
  ['ac:structured-macro', guarded(renderMacro, 'broken_macro')],
  ['ac:macro', guarded(renderMacro, 'broken_macro')],
  ['ac:link', guarded(renderLink, 'broken_link')],
  ['ac:image', guarded(renderImage, 'broken_image')],
  ['ac:emoticon', renderEmoticon],
  ['ac:task-list', renderTaskList],
  ['ac:task', renderTask],
  ['ac:adf-extension', guarded(renderAdfExtension, 'broken_macro')],
  ['ac:adf-node', renderAdfNode],
  ['ac:layout', block],
  ['ac:layout-section', block],
  ['ac:layout-cell', block],
  ...[...hiddenNames].map((name) => [name, hidden] as const),
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => [name, renderHeading] as const),
  ['time', renderTime],
])

/** What a whole page was rendered to. */
export interface Rendering {
  readonly tape: Tape
  readonly losses: readonly Loss[]
}

/** Renders a page's nodes below its title. */
export function renderPage(
  nodes: readonly XmlNode[],
  { page, surroundings, answers }: { page: SourcePage; surroundings: Surroundings; answers: Answers },
): Rendering {
  const tape = createTape()
  const losses = new Map<string, Loss>()
  const anchor = createAnchors(page.title, surroundings.deployment)

  function rendererOf(source: SourcePage, path: readonly string[]): Renderer {
    const renderer: Renderer = {
      out: tape,
      page: source,
      answers,
      webUrl: surroundings.webUrl,
      deployment: surroundings.deployment,
      pageUrl: (spaceKey, title) => surroundings.pageUrl(spaceKey, title),
      anchor,
      lose: (code, name) => losses.set(`${code} ${name}`, { code, name }),
      render(children) {
        for (const child of children) {
          if (typeof child === 'string') tape.text(child)
          else renderElement(child, renderer)
        }
      },
      renderPage(included, children) {
        const tooMuch = path.length > deepestInclude || tape.mark() > largestPage
        if (tooMuch || path.includes(included.id)) return false
        rendererOf(included, [...path, included.id]).render(children)
        return true
      },
    }
    return renderer
  }

  tape.phrase('h1', {}, page.title)
  rendererOf(page, [page.id]).render(nodes)
  return { tape, losses: [...losses.values()] }
}

function renderElement(element: XmlElement, renderer: Renderer): void {
  const render = elements.get(element.name)
  if (render) render(element, renderer)
  else renderHtml(element, renderer)
}

function renderMacro(element: XmlElement, renderer: Renderer): void {
  const macro = readMacro(element)
  ruleFor(macro.name).render(macro, renderer)
  renderer.render(macro.stray)
}

function renderTime(time: XmlElement, renderer: Renderer): void {
  const date = time.attributes.datetime ?? ''
  const { out } = renderer
  out.element('time', { ...time.attributes }, () =>
    textOf(time).trim() === '' ? out.text(date) : renderer.render(time.children),
  )
}

/** Keeps the text of what cannot be rendered, and goes on. */
function guarded(render: RenderElement, loss: string): RenderElement {
  return (element, renderer) => {
    const start = renderer.out.mark()
    try {
      render(element, renderer)
    } catch {
      renderer.out.rewind(start)
      renderer.lose(loss, element.attributes['ac:name'] ?? element.name)
      renderer.out.text(shownText(element))
    }
  }
}
