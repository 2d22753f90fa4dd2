/**
 * Where attacks take place: a wiki with something worth stealing, the real run against it, and a look at everything that came out.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fault, memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import { type Flavour, filesIn, flavours, type Tried, type TryOptions, tryRun } from '../bad-input/trying.ts'
import { type Meddle, meddling } from './meddler.ts'

export { type Flavour, flavours }

export interface Attack extends Omit<TryOptions, 'rewrite' | 'between'> {
  /** Changes what the site says on its way. */
  readonly meddle?: Meddle
}

export type Outcome = Tried

/** The real run against a sandbox. What has to hold whatever happens is held: the sum adds up, files are whole. */
export function attack({ meddle, ...options }: Attack): Promise<Outcome> {
  return tryRun(meddle ? { ...options, between: (sandbox) => meddling(sandbox, meddle) } : options)
}

/** The word that only the board may read, wherever it turns up. */
export const secret = 'XYZZY'

/** HR is open to the staff; the crawler and Amy are on the board, Ben is not. */
export function wiki() {
  const world = memoryWorld({ name: 'Attacks', startsAt: new Date(Date.now() - 30 * 86_400_000) })
  const [amy, ben] = [world.addUser('Amy'), world.addUser('Ben')]
  const staff = world.addGroup('staff', [world.crawler, amy, ben])
  const board = world.addGroup('board', [world.crawler, amy])
  const hr = world.addSpace('HR', 'People')
  world.grant(hr, staff, VIEW)
  world.grant(hr, world.crawler, ADMINISTER)
  const home = world.addPage(hr, 'Home', { body: '<p>Welcome.</p>' })
  hr.homepageId = home.id
  return { world, amy, ben, staff, board, hr, home }
}

export const macro = (name: string, inside = '', id = '') =>
  `<ac:structured-macro ac:name="${name}"${id === '' ? '' : ` ac:macro-id="${id}"`}>${inside}</ac:structured-macro>`

export const parameter = (name: string, inside: string) =>
  `<ac:parameter ac:name="${name}">${inside}</ac:parameter>`

export const pageLink = (title: string, space = '') =>
  `<ac:link><ri:page ri:content-title="${title}"${space === '' ? '' : ` ri:space-key="${space}"`} /></ac:link>`

export const include = (title: string, space = '') => macro('include', parameter('', pageLink(title, space)))

/** How the server marks a macro in what it renders. */
export const rendered = (name: string, inside: string, id = '') =>
  `<div class="conf-macro output-block" data-hasbody="false" data-macro-id="${id}" data-macro-name="${name}">${inside}</div>`

export const readersOf = (tried: Outcome, title: string) => {
  const source = tried.elements(title)[0]!.metadata.data_source!
  return { ...source.permissions_data![0].read, status: source.permissions_status }
}

/** Titles of the documents whose file holds a word, in text or metadata. */
export function titlesWith(tried: Outcome, word: string): readonly string[] {
  const titles = new Map(
    tried.events.flatMap((event) =>
      event.type === 'document.done'
        ? [[event.document.id.split('/').at(-1)!, event.document.title] as const]
        : [],
    ),
  )
  return [...tried.files]
    .filter(([, elements]) => JSON.stringify(elements).includes(word))
    .map(([path]) => titles.get(/(\d+)\.html\.json$/.exec(path)?.[1] ?? '') ?? path)
    .sort()
}

/** Everything that a run left behind: events and every file, the report included. */
export async function everythingSaid({ events, output }: Outcome): Promise<string> {
  const files = await Promise.all(
    [...(await filesIn(output)), '_outflow/job.json'].map((path) => readFile(join(output, path), 'utf8')),
  )
  return [JSON.stringify(events), ...files].join('\n')
}

/** The requests at which a space's pages are listed with their bodies. */
export const listingOf = (flavour: Flavour, { id, key }: { readonly id: string; readonly key: string }) =>
  flavour === 'cloud'
    ? `GET /wiki/api/v2/spaces/${id}/pages`
    : `GET /rest/api/content/scan?*spaceKey=${key}*type=page`

/** Something that happens to the wiki once, when the first such request comes. */
export const meanwhile = (on: string, change: () => void, from = 1): Fault => ({
  effect: { kind: 'change', change },
  on,
  from,
})
