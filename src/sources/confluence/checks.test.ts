import { afterEach, describe, expect, it } from 'vitest'
import { serve } from '../../../test/support/loopback.ts'
import type { ProbeResult } from '../../model/checks.ts'
import { type MemoryWorld, memoryWorld, type SandboxOptions, startSandbox } from '../../sandbox/index.ts'
import confluence from './index.ts'

const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

/** Two spaces; the crawler may do everything in HR, and view LEGAL through a group. */
function wiki(): MemoryWorld {
  const world = memoryWorld()
  const staff = world.groups.find(({ name }) => name === 'confluence-users')!
  const read = { key: 'read', targetType: 'space' }
  for (const key of ['HR', 'LEGAL', '~crawler']) {
    const space = world.addSpace(key, `The ${key} space`)
    world.grant(space, staff, [read])
    world.grant(space, world.crawler, [read, { key: 'administer', targetType: 'space' }])
    world.addPage(space, `Welcome to ${key}`, { body: '<p>Hello</p>' })
    world.addPage(space, `Pay in ${key}`, { body: '<p>Hush</p>', read: [world.crawler] })
  }
  return world
}

async function sandbox(options: Partial<SandboxOptions> & Pick<SandboxOptions, 'flavour'>) {
  const started = await startSandbox({ world: wiki(), ...options })
  opened.push(started)
  return started
}

type Report = Readonly<Record<string, ProbeResult>>

async function probe(input: Record<string, unknown>, seconds = 10): Promise<Report> {
  const source = confluence(input as Parameters<typeof confluence>[0])
  opened.push(source)
  const results: Record<string, ProbeResult> = {}
  for (const each of source.checks())
    results[each.name] = await each.run({ signal: AbortSignal.timeout(seconds * 1000) })
  return results
}

const verdicts = (report: Report) =>
  Object.fromEntries(Object.entries(report).map(([name, { verdict }]) => [name, verdict]))

function expectRemedies(report: Report) {
  for (const [name, result] of Object.entries(report)) {
    if (result.verdict !== 'failed') continue
    expect(result.meaning, name).toBeTruthy()
    expect(result.remedy, name).toBeTruthy()
    expect(result.who, name).toBeTruthy()
  }
}

const allGreen = {
  reach: 'passed',
  'sign-in': 'passed',
  spaces: 'passed',
  pages: 'passed',
  restrictions: 'passed',
  'space-permissions': 'passed',
  groups: 'passed',
  users: 'passed',
}

describe('the checks of a good account', () => {
  it('are green on Cloud, with numbers in them', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const { username, api_token } = site.credentials
    const report = await probe({ url: site.url, username, api_token })
    expect(verdicts(report)).toEqual(allGreen)
    expect(report.reach?.message).toBe(`Confluence Cloud at ${site.url}/wiki`)
    expect(report['sign-in']?.message).toContain('as Wiki Crawler, by API token of')
    expect(report.spaces?.message).toContain('3 visible: ')
    expect(report.pages?.message).toMatch(/^"(Welcome to|Pay in) \S+" \(v1\) and 1 more$/)
    expect(report['space-permissions']?.message).toBe('read on 3 of 3 spaces')
    expect(report.restrictions?.message).toBe('read on 2 of 2 pages; 1 restricted')
    expect(report.groups?.message).toBe('the first has 1 member')
    expect(report.users?.message).toBe('for instance Wiki Crawler')
  })

  it.each(['10.0.3', '8.5.0'])('are green on Data Center %s', async (version) => {
    const site = await sandbox({ flavour: 'data-center', version, contextPath: '/wiki' })
    const report = await probe({ url: site.url, token: site.credentials.token })
    expect(verdicts(report)).toEqual(allGreen)
    expect(report.reach?.message).toBe(`Confluence Data Center ${version} at ${site.url}`)
  })

  it('cost few requests, and leave the run’s own limits alone', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const { username, api_token } = site.credentials
    const report = await probe({ url: site.url, username, api_token, max_num_of_spaces: 1 })
    expect(report.spaces?.message).toContain('`max_num_of_spaces` leaves out 2 of 3')
    expect(site.stats.read().requests).toBeLessThan(16)
  })
})

describe('a chosen space that is not there', () => {
  it('is red, and names the nearest keys', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const { username, api_token } = site.credentials
    const report = await probe({ url: site.url, username, api_token, spaces: 'HR,LEGALL' })
    expect(report.spaces).toMatchObject({ verdict: 'failed' })
    expect(report.spaces?.message).toContain('LEGALL')
    expect(report.spaces?.remedy).toContain('LEGAL')
    expectRemedies(report)
  })
})

describe('a space that hides its permissions', () => {
  it('is red and named, though others show theirs', async () => {
    const site = await sandbox({ flavour: 'data-center' })
    const legal = site.world.spaces.find(({ key }) => key === 'LEGAL')!
    legal.grants = legal.grants.filter(({ operation }) => operation.key !== 'administer')
    const report = await probe({ url: site.url, token: site.credentials.token })
    expect(report['space-permissions']).toMatchObject({
      verdict: 'failed',
      who: 'an administrator of the space',
    })
    expect(report['space-permissions']?.message).toContain('Refused by 1 of 3 spaces: LEGAL.')
    expectRemedies(report)
  })
})

describe('no red probe lacks a remedy', () => {
  const url = 'http://127.0.0.1:9'

  it('when nobody is there', async () => {
    const report = await probe({ url, token: 'secret-token' })
    expect(report.reach?.verdict).toBe('failed')
    expectRemedies(report)
  })

  it('when the credential is wrong', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const report = await probe({ url: site.url, username: 'bot@acme.com', api_token: 'wr0ng-t0ken' })
    expect(verdicts(report)).toMatchObject({ reach: 'passed', 'sign-in': 'failed', users: 'failed' })
    expectRemedies(report)
  })

  it.each([
    'GET */api/v2/spaces?*',
    'GET */pages?*',
    'GET */restriction*',
    'GET */permissions*',
    'GET */membersByGroupId*',
    'POST */users-bulk*',
  ])('when %s is refused', async (on) => {
    const site = await sandbox({
      flavour: 'cloud',
      faults: [{ on, effect: { kind: 'status', status: 404 } }],
    })
    const { username, api_token } = site.credentials
    const report = await probe({ url: site.url, username, api_token })
    expect(Object.values(verdicts(report))).toContain('failed')
    expectRemedies(report)
  })
})

describe('trouble of the moment is unclear, never red', () => {
  it.each(['GET */api/v2/spaces?*', 'GET */restriction*'])('when %s does not answer', async (on) => {
    const site = await sandbox({ flavour: 'cloud', faults: [{ on, effect: { kind: 'hang' } }] })
    const { username, api_token } = site.credentials
    const report = await probe({ url: site.url, username, api_token }, 0.7)
    expect(Object.values(verdicts(report))).toContain('unclear')
    expect(Object.values(verdicts(report))).not.toContain('failed')
  })

  it('when the site asks for patience', async () => {
    const on = 'GET */membersByGroupId*'
    const faults = [{ on, effect: { kind: 'status', status: 403 } }] as const
    const site = await sandbox({ flavour: 'cloud', faults })
    const { username, api_token } = site.credentials
    const report = await probe({ url: site.url, username, api_token }, 0.7)
    expect(report.groups?.verdict).toBe('unclear')
  })

  it('when the site never answers at all', async () => {
    const mute = await serve(() => undefined)
    opened.push(mute)
    const report = await probe({ url: mute.origin, token: 'secret-token' }, 0.3)
    expect(new Set(Object.values(verdicts(report)))).toEqual(new Set(['unclear']))
  })
})
