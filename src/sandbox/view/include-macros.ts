/**
 * Macros that show a part of another page: through the caller's eyes, like everything else.
 *
 * @module
 */

import { escapeValue } from '../../util/escape.ts'
import { bodyOf, error, type MacroRenderer, parameterOf, wrap } from './macro.ts'
import { everyTag, html, readMarkup } from './markup.ts'

/** Another page's body in this place, through the caller's eyes. */
export const include: MacroRenderer = (macro, rendering) => {
  const page = macro.page(rendering)
  if (page === undefined)
    return wrap(macro, error('Unable to render {include} The included page could not be found.'))
  if ([...rendering.including, rendering.node.id].includes(page.id))
    return wrap(macro, error('Unable to render {include} Page includes itself.'))
  const storage = readMarkup(rendering.context.world.storage(page.id))
  return wrap(macro, rendering.within(page).inside(storage))
}

export const excerptInclude: MacroRenderer = (macro, rendering) => {
  const page = macro.page(rendering)
  const wanted = macro.parameter('name')
  if (page === undefined || rendering.including.includes(page.id))
    return wrap(macro, error('Unable to render {excerpt-include} The included page could not be found.'))
  const excerpt = [
    ...everyTag(readMarkup(rendering.context.world.storage(page.id)), 'ac:structured-macro'),
  ].find(
    (each) =>
      each.attributes['ac:name'] === 'excerpt' &&
      (wanted === undefined || parameterOf(each, 'name') === wanted),
  )
  const rich = excerpt === undefined ? undefined : bodyOf(excerpt)
  if (rich === undefined) return wrap(macro, error('No excerpt found on the page.'))
  const title =
    macro.parameter('nopanel') === 'true'
      ? ''
      : html('div', { class: 'panelHeader' }, escapeValue(page.title))
  return wrap(macro, `${title}${rendering.within(page).inside(rich)}`, { css: 'panel' })
}
