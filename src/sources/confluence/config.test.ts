import { describe, expect, it } from 'vitest'
import { describeSettings } from '../../kit/settings.ts'
import { settings } from './config.ts'

const site = { url: 'https://acme.atlassian.net', username: 'bot@acme.com', api_token: 'secret' }

function problems(input: unknown): string[] {
  const parsed = settings.safeParse(input)
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the settings', () => {
  it('have the defaults of Unstructured’s connector', () => {
    expect(settings.parse(site)).toMatchObject({
      max_num_of_spaces: 500,
      max_num_of_docs_from_each_space: 150,
      extract_images: false,
      extract_files: false,
      spaces: [],
    })
  })

  it('have our own beside them', () => {
    expect(settings.parse(site)).toMatchObject({
      blog_posts: true,
      include_archived: false,
      body: 'auto',
      concurrency: 8,
      gateway_url: 'https://api.atlassian.com',
      exclude_spaces: [],
      labels: [],
    })
  })

  it('each have a sentence and an environment variable of their own', () => {
    const descriptions = describeSettings(settings)
    for (const { name, description, env } of descriptions) {
      expect(description, name).toMatch(/\.$/)
      expect(env, name).toBe(`CONFLUENCE_${name.toUpperCase()}`)
    }
    expect(descriptions.filter(({ secret }) => secret).map(({ name }) => name)).toEqual([
      'api_token',
      'password',
      'token',
      'proxy',
    ])
  })

  it('show their types to flags and forms', () => {
    const types = Object.fromEntries(describeSettings(settings).map(({ name, type }) => [name, type]))
    expect(types).toMatchObject({
      url: 'string',
      spaces: 'list',
      cloud: 'boolean',
      max_num_of_spaces: 'number',
      requests_per_second: 'number',
      extract_images: 'boolean',
      username: 'string',
    })
  })

  it.each([
    ['HR, LEGAL ,,~712020abc,HR', ['HR', 'LEGAL', '~712020abc']],
    [
      [' HR ', '~jdoe'],
      ['HR', '~jdoe'],
    ],
    ['', []],
    [null, []],
    [[], []],
  ])('take spaces as %o', (spaces, keys) => {
    expect(settings.parse({ ...site, spaces }).spaces).toEqual(keys)
  })

  it('refuse what nobody knows', () => {
    expect(problems({ ...site, max_num_spaces: 3 })[0]).toContain('max_num_spaces')
  })
})

describe('credentials', () => {
  const url = 'https://wiki.acme.com'
  it.each([
    [{}, 'token: no credential'],
    [{ username: 'bot' }, 'token: no credential'],
    [{ username: '', api_token: '' }, 'token: no credential'],
    [{ api_token: 'x' }, 'username: api_token needs the username'],
    [{ password: 'x' }, 'username: password needs the username'],
    [{ username: 'bot', token: 'x' }, 'username: token goes without a user name'],
    [
      { username: 'bot', api_token: 'x', password: 'y' },
      'password: give one credential, not api_token and password',
    ],
    [{ api_token: 'x', token: 'y' }, 'token: give one credential, not api_token and token'],
    [{ username: 'bot', password: 'x', cloud: true }, 'password: Confluence Cloud takes no passwords'],
    [{ username: 'bot', api_token: 'x', cloud: false }, 'api_token: API tokens are of Cloud'],
  ])('%o: %s', (credentials, problem) => {
    const found = problems({ url, ...credentials })
    expect(found.length).toBe(1)
    expect(found[0]).toContain(problem)
  })

  it.each([
    { token: 'x' },
    { token: 'x', cloud: true },
    { username: 'bot', password: 'x' },
    { username: 'bot', password: 'x', cloud: false },
    { username: 'bot@acme.com', api_token: 'x', cloud: true },
    { username: 'bot@acme.com', api_token: 'x', password: null, token: '' },
  ])('%o will do', (credentials) => {
    expect(problems({ url, ...credentials })).toEqual([])
  })
})
