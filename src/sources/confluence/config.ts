/**
 * The settings of the Confluence connector, declared once: names and defaults of Unstructured's connector first, then our own.
 *
 * @module
 */

import { z } from 'zod'
import { setting } from '../../kit/define.ts'
import { fileSelectionSettings } from '../../kit/file-selection.ts'

/** A list as an array, or as text with commas; trimmed, without empty entries and repetitions. Empty = not set. */
const list = () =>
  z
    .union([z.array(z.string()), z.string(), z.null()])
    .optional()
    .transform((given) => {
      const items = typeof given === 'string' ? given.split(',') : (given ?? [])
      return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))]
    })

/** Empty text, as forms and the environment send it, counts as not given. */
const text = () =>
  z
    .string()
    .nullish()
    .transform((given) => given?.trim() || undefined)

const count = () => z.int().min(0)

export const settings = z
  .strictObject({
    url: setting(z.string().trim().min(1, 'the address of the site is missing'), {
      description:
        'Address of the site: with or without /wiki, with any context path; a space’s or page’s address will do, too.',
      env: 'CONFLUENCE_URL',
      example: 'https://acme.atlassian.net',
    }),
    username: setting(text(), {
      description: 'Cloud: the account’s e-mail address. Data Center: the user name.',
      env: 'CONFLUENCE_USERNAME',
      example: 'ingest-bot@acme.com',
    }),
    api_token: setting(text(), {
      description: 'Cloud: an API token of that account, with or without scopes.',
      secret: true,
      env: 'CONFLUENCE_API_TOKEN',
    }),
    password: setting(text(), {
      description: 'Data Center: the password that belongs to the user name. Cloud takes none.',
      secret: true,
      env: 'CONFLUENCE_PASSWORD',
    }),
    token: setting(text(), {
      description:
        'Data Center: a personal access token. Cloud: an OAuth access token. Goes without a user name.',
      secret: true,
      env: 'CONFLUENCE_TOKEN',
    }),
    cloud: setting(z.boolean().nullish(), {
      description: 'Whether the site is on Cloud (true) or Data Center (false). Found out when left out.',
      env: 'CONFLUENCE_CLOUD',
    }),
    spaces: setting(list(), {
      description:
        'Keys or aliases of the spaces to read, personal ones (~…) included. All visible ones when left out.',
      env: 'CONFLUENCE_SPACES',
      example: 'HR,LEGAL',
    }),
    exclude_spaces: setting(list(), {
      description: 'Keys of spaces to leave out.',
      env: 'CONFLUENCE_EXCLUDE_SPACES',
    }),
    max_num_of_spaces: setting(count().default(500), {
      description: 'Read at most so many spaces; 0 = all. What is cut is reported.',
      env: 'CONFLUENCE_MAX_NUM_OF_SPACES',
    }),
    max_num_of_docs_from_each_space: setting(count().default(150), {
      description:
        'Read at most so many pages and posts of each space; 0 = all. What is cut is reported, for each space.',
      env: 'CONFLUENCE_MAX_NUM_OF_DOCS_FROM_EACH_SPACE',
    }),
    blog_posts: setting(z.boolean().default(true), {
      description: 'Read blog posts beside pages.',
      env: 'CONFLUENCE_BLOG_POSTS',
    }),
    comments: setting(z.enum(['none', 'footer', 'inline', 'all']).default('all'), {
      description:
        'Read comments beside what they are on, each thread as a document: those below a page (footer), those on its words (inline), all, or none.',
      env: 'CONFLUENCE_COMMENTS',
    }),
    include_archived: setting(z.boolean().default(false), {
      description: 'Read archived pages and archived spaces as well.',
      env: 'CONFLUENCE_INCLUDE_ARCHIVED',
    }),
    labels: setting(list(), {
      description: 'Read only what carries at least one of these labels.',
      env: 'CONFLUENCE_LABELS',
    }),
    ancestor: setting(text(), {
      description: 'Read only this page and what is below it in the tree: its id, or its address.',
      env: 'CONFLUENCE_ANCESTOR',
    }),
    cql: setting(text(), {
      description:
        'Read only what this clause of Confluence’s query language finds; it goes by the search index.',
      env: 'CONFLUENCE_CQL',
      example: 'lastmodified >= now("-90d")',
    }),
    body: setting(z.enum(['auto', 'storage', 'view']).default('auto'), {
      description:
        'auto: rendered here, and by the server only for macros that it alone can show; storage: rendered here alone; view: always by the server, one request a page.',
      env: 'CONFLUENCE_BODY',
      advanced: true,
      shapes: true,
    }),
    extract_images: setting(z.boolean().default(false), {
      description: 'Read the images in pages as well, each in its place in the text.',
      env: 'CONFLUENCE_EXTRACT_IMAGES',
      shapes: true,
    }),
    extract_files: setting(z.boolean().default(false), {
      description: 'Read the files attached to pages and posts, each as a document of its own.',
      env: 'CONFLUENCE_EXTRACT_FILES',
    }),
    ...fileSelectionSettings((name) => `CONFLUENCE_${name}`),
    allow_list: setting(list(), {
      description:
        'Hosts that images in pages are fetched from beside the site itself, without credentials: cdn.acme.com, *.acme.com.',
      env: 'CONFLUENCE_ALLOW_LIST',
      advanced: true,
      shapes: true,
    }),
    cloud_id: setting(text(), {
      description: 'Cloud: the site’s id, for the gateway. Found out when left out.',
      env: 'CONFLUENCE_CLOUD_ID',
      advanced: true,
    }),
    gateway_url: setting(z.url({ protocol: /^https?$/ }).default('https://api.atlassian.com'), {
      description: 'Cloud: the gateway that tokens with scopes and OAuth tokens have to use.',
      env: 'CONFLUENCE_GATEWAY_URL',
      advanced: true,
    }),
    ca_file: setting(text(), {
      description: 'File (PEM) with the certificate of your own authority, trusted beside the usual ones.',
      env: 'CONFLUENCE_CA_FILE',
      advanced: true,
    }),
    proxy: setting(z.url({ protocol: /^https?$/ }).optional(), {
      description:
        'HTTP proxy on the way to the site: http://host:port, with user:password@ where it wants them.',
      secret: true,
      env: 'CONFLUENCE_PROXY',
      advanced: true,
    }),
    requests_per_second: setting(z.number().positive().optional(), {
      description: 'Send at most so many requests a second. Without it, only the site’s own limits count.',
      env: 'CONFLUENCE_REQUESTS_PER_SECOND',
      advanced: true,
    }),
    concurrency: setting(z.int().min(1).max(64).default(8), {
      description: 'Requests under way at the same time.',
      env: 'CONFLUENCE_CONCURRENCY',
      advanced: true,
    }),
    timeout: setting(z.number().positive().max(3600).default(75), {
      description: 'Seconds that one answer may take. Gateways give up after a minute.',
      env: 'CONFLUENCE_TIMEOUT',
      advanced: true,
    }),
  })
  .superRefine((given, context) => {
    for (const [path, message] of credentialProblems(given)) {
      context.addIssue({ code: 'custom', path: [path], message })
    }
  })

export type ConfluenceSettings = z.output<typeof settings>

type Credentials = Pick<ConfluenceSettings, 'username' | 'password' | 'api_token' | 'token' | 'cloud'>

/** What can be said of the credentials before anybody is asked: setting and problem. */
function credentialProblems(given: Credentials): readonly (readonly [keyof Credentials, string])[] {
  const { username, cloud } = given
  const kinds = (['api_token', 'password', 'token'] as const).filter((kind) => given[kind] !== undefined)
  const [kind, second] = kinds
  if (second !== undefined) return [[second, `give one credential, not ${kinds.join(' and ')}`]]
  if (kind === undefined)
    return [
      [
        'token',
        'no credential: give username and api_token (Cloud), or token, or username and password (Data Center)',
      ],
    ]
  if (kind === 'token')
    return username === undefined
      ? []
      : [['username', 'token goes without a user name; for a Cloud API token use api_token']]
  if (username === undefined) return [['username', `${kind} needs the username it belongs to`]]
  if (cloud === true && kind === 'password')
    return [['password', 'Confluence Cloud takes no passwords; make an API token and give it as api_token']]
  if (cloud === false && kind === 'api_token')
    return [['api_token', 'API tokens are of Cloud; on Data Center give a personal access token as token']]
  return []
}
