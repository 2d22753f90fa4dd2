/**
 * Named probes of everything that a run will use: each says what it saw, and each red one what that means, what to do and who can.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Probe, ProbeResult } from '../../model/checks.ts'
import { asOutflowError, type OutflowError } from '../../model/errors.ts'
import { untilAborted } from '../../util/until-aborted.ts'
import type { ContentItem, Restriction } from './api.ts'
import { createSample, type Opened, type Sample, type Scoped, sampleSize } from './check-sample.ts'
import type { ConfluenceSettings } from './config.ts'
import { type Ground, isLoopback } from './ground.ts'

/** What the probes look at. */
export interface Checked {
  readonly settings: ConfluenceSettings
  /** Finds the site without signing in. */
  readonly reach: (context: CallContext) => Promise<Ground>
  /** Signs in; the same connection each time, closed by the caller. */
  readonly open: () => Promise<Opened>
}

type Look = (context: CallContext) => Promise<ProbeResult>

/** In the order in which they are tried. */
const table = [
  {
    name: 'reach',
    title: 'Reach the site',
    required: true,
    meaning: 'Nothing can be read.',
    remedy: 'Check `url`, and that this machine can reach the site.',
    who: 'you, or whoever runs the network of this machine',
  },
  {
    name: 'sign-in',
    title: 'Sign in',
    required: true,
    meaning: 'Nothing can be read; nothing is read as an anonymous visitor instead.',
    remedy: 'Make a new credential as docs/confluence/sign-in.md shows.',
    who: 'the owner of the account',
  },
  {
    name: 'spaces',
    title: 'List spaces',
    required: true,
    meaning: 'The run would stop before it reads anything.',
    remedy: 'Correct `spaces`, or give the account view permission on them.',
    who: 'you, or an administrator of the space',
  },
  {
    name: 'pages',
    title: 'Read pages',
    required: true,
    meaning: 'Pages cannot be read, so there would be no documents.',
    remedy:
      'Give the account view permission on the spaces, and its token the scopes of docs/confluence/sign-in.md.',
    who: 'an administrator of the space; for scopes, the owner of the token',
  },
  {
    name: 'restrictions',
    title: 'Read page restrictions',
    required: false,
    meaning: 'Documents would carry permissions "unknown", which let nobody in.',
    remedy:
      'Let the account see restrictions: a token with the scopes of docs/confluence/sign-in.md, of an account that may view the space.',
    who: 'the owner of the token, or an administrator of the space',
  },
  {
    name: 'space-permissions',
    title: 'Read space permissions',
    required: false,
    meaning: 'Documents of that space would carry permissions "unknown", which let nobody in.',
    remedy: 'Make the account an administrator of the space, or leave the space out.',
    who: 'an administrator of the space',
  },
  {
    name: 'groups',
    title: 'Expand groups',
    required: false,
    meaning:
      'Where a group passes one rule but not another, its members could not be named: they would be left out ("partial").',
    remedy: 'Let the account see groups: permission to browse users, and a token with the scope for groups.',
    who: 'a Confluence administrator, or the owner of the token',
  },
  {
    name: 'users',
    title: 'Look up users',
    required: false,
    meaning: 'Mentions would show an id instead of a name.',
    remedy: 'Let the account see user profiles, and give its token the scope for users.',
    who: 'a Confluence administrator, or the owner of the token',
  },
] as const

type Entry = (typeof table)[number]

const passed = (message: string): ProbeResult => ({ verdict: 'passed', message })
const skipped = (message: string): ProbeResult => ({ verdict: 'skipped', message })
const unclear = (message: string): ProbeResult => ({ verdict: 'unclear', message })

/** None of the probes throws, and none changes anything. */
export function checks(checked: Checked): readonly Probe[] {
  const looks = looksAt(checked)
  const titles: Partial<Record<Entry['name'], string>> = {
    'sign-in': `Sign in with the ${credentialName(checked.settings)}`,
  }
  return table.map((entry) => ({
    name: entry.name,
    title: titles[entry.name] ?? entry.title,
    required: entry.required,
    run: (context) => probe(entry, looks[entry.name], context),
  }))
}

function looksAt({ settings, reach, open }: Checked): Readonly<Record<Entry['name'], Look>> {
  const sample = createSample(settings, open)
  return {
    reach: async (context) => passed(describeGround(await reach(context))),
    'sign-in': async ({ signal }) => {
      const { connection } = await untilAborted(open(), signal)
      return passed(`as ${connection.account.name}, by ${connection.signedInBy}`)
    },
    spaces: async (context) => describeSpaces(await sample.scope(context), settings),
    pages: async (context) => describePages(await sample.pages(context)),
    restrictions: (context) => lookAtRestrictions(sample, context),
    'space-permissions': (context) => lookAtGrants(sample, context),
    groups: (context) => lookAtGroups(sample, context),
    users: async ({ signal }) => {
      const { connection, api } = await untilAborted(open(), signal)
      const names = await api.userNames([connection.account.id], { signal })
      const name = names.get(connection.account.id)
      return name === undefined
        ? unclear('The account’s own name was not found.')
        : passed(`for instance ${name}`)
    },
  }
}

async function probe(entry: Entry, look: Look, context: CallContext): Promise<ProbeResult> {
  try {
    return await look(context)
  } catch (thrown) {
    if (context.signal.aborted) return unclear('No answer in time: not a refusal, worth another try.')
    return judge(asOutflowError(thrown), entry)
  }
}

/** Trouble of the moment is no refusal. The error's own advice comes first, where it knows more than the table. */
function judge(error: OutflowError, { meaning, remedy, who }: Entry): ProbeResult {
  if (error.kind === 'throttled') return unclear(error.message)
  if (error.kind === 'transient' && !isStandstill(error)) return unclear(error.message)
  const advised = error.kind === 'config' || error.kind === 'credentials' || error.kind === 'transient'
  const toDo = advised && error.fix ? error.fix : remedy
  return { verdict: 'failed', message: error.message, meaning, remedy: toDo, who, kind: error.kind }
}

/** Nobody is there: it will hardly pass by itself. */
function isStandstill({ code }: OutflowError): boolean {
  return code === 'http.connection_refused' || code === 'http.unreachable'
}

function credentialName({ token, api_token, cloud }: ConfluenceSettings): string {
  if (token !== undefined) return cloud === true ? 'OAuth access token' : 'token'
  return api_token === undefined ? 'password' : 'API token'
}

function describeGround({ deployment, baseUrl, version }: Ground): string {
  const { protocol, hostname } = new URL(baseUrl)
  const product = deployment === 'cloud' ? 'Cloud' : `Data Center${version ? ` ${version}` : ''}`
  const open =
    protocol === 'http:' && !isLoopback(hostname)
      ? '; by http, so anybody on the way can read the credentials'
      : ''
  return `Confluence ${product} at ${baseUrl}${open}`
}

function describeSpaces({ spaces, available }: Scoped, settings: ConfluenceSettings): ProbeResult {
  const keys = spaces.slice(0, 5).map(({ key }) => key)
  const more = spaces.length > keys.length ? ', …' : ''
  const what = settings.spaces.length > 0 ? 'of those chosen' : 'visible'
  const cut =
    available > spaces.length
      ? `; \`max_num_of_spaces\` leaves out ${available - spaces.length} of ${available}`
      : ''
  return passed(`${spaces.length} ${what}: ${keys.join(', ')}${more}${cut}`)
}

function describePages(pages: readonly ContentItem[]): ProbeResult {
  const [first] = pages
  if (first === undefined)
    return unclear(`The first ${sampleSize} spaces hold no page that this account sees.`)
  const others = pages.length > 1 ? ` and ${pages.length - 1} more` : ''
  return passed(`"${first.title}" (v${first.version})${others}`)
}

async function lookAtRestrictions(sample: Sample, context: CallContext): Promise<ProbeResult> {
  const pages = await sample.pages(context)
  if (pages.length === 0) return skipped('There was no page to look at.')
  const api = await sample.api(context)
  const found = await Promise.all(pages.map(({ id }) => api.restriction(id, 'read', context)))
  return passed(
    `read on ${pages.length} of ${pages.length} pages; ${found.filter(restricts).length} restricted`,
  )
}

const restricts = ({ users, groups }: Restriction) => users.length + groups.length > 0

async function lookAtGrants(sample: Sample, context: CallContext): Promise<ProbeResult> {
  const { spaces } = await sample.scope(context)
  const read = await sample.grants(context)
  return passed(`read on ${read.length} of ${spaces.length} ${spaces.length === 1 ? 'space' : 'spaces'}`)
}

async function lookAtGroups(sample: Sample, context: CallContext): Promise<ProbeResult> {
  const grants = (await sample.grants(context)).flatMap((space) => space.grants)
  const group = grants.find(({ principal }) => principal.type === 'group')?.principal.id
  if (group === undefined) return skipped('No group has a permission on these spaces.')
  const members = await (await sample.api(context)).groupMembers(group, context)
  return passed(`the first has ${members.size} ${members.size === 1 ? 'member' : 'members'}`)
}
