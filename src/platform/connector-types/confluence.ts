/**
 * The API's source type `confluence`.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'
import { loadPlugin } from '../../registry.ts'
import { parseAddress } from '../../sources/confluence/address.ts'
import type { Config } from '../platform.ts'
import type { ConnectorType, Translated } from './connector-type.ts'

export const confluence: ConnectorType = {
  name: 'confluence',
  role: 'source',
  plugin: 'confluence',
  load: async () => (await loadPlugin('source', 'confluence')).definition,
  beside: [
    {
      name: 'oauth_token',
      type: 'string',
      secret: true,
      description: 'Cloud: an OAuth access token. Goes without a user name.',
    },
  ],
  closed: {
    refresh_token: 'OAuth tokens are not refreshed yet: give an API token, which needs no refreshing',
    ca_file:
      'files of the server are not read for a connector: whoever runs it can trust a certificate by NODE_EXTRA_CA_CERTS',
  },
  aims: ['url', 'gateway_url', 'proxy'],
  shown: {
    url: '',
    username: '',
    cloud: false,
    max_num_of_spaces: 500,
    max_num_of_docs_from_each_space: 150,
    spaces: null,
    extract_images: false,
    extract_files: false,
  },
  translate,
  calls({ url, gateway_url, proxy }) {
    const optional = Object.entries({ gateway_url, proxy }).flatMap(([field, value]) =>
      typeof value === 'string' ? [{ field, url: withoutCredentials(value) }] : [],
    )
    return [{ field: 'url', url: withScheme(String(url)) }, ...optional]
  },
}

/**
 * The contract has one `token` for two things: with a user name and on Cloud it is an API token, otherwise a personal access token, which
 * goes without the name. Its `cloud` is false when nobody says anything, so that a false one says nothing of an address of Atlassian's own.
 */
function translate({ oauth_token, ...config }: Config): Translated {
  const { token, username, cloud, ...others } = config
  const onCloud = cloud === true || isCloudAddress(config.url)
  const told = cloud === undefined || (cloud === false && onCloud) ? {} : { cloud }
  if (oauth_token !== undefined)
    return { settings: { ...config, token: oauth_token }, named: { token: 'oauth_token' } }
  if (token === undefined || username === undefined)
    return { settings: { ...others, ...told, ...given({ token, username }) } }
  if (others.api_token !== undefined || others.password !== undefined) return { settings: config }
  return onCloud
    ? { settings: { ...others, ...told, username, api_token: token }, named: { api_token: 'token' } }
    : { settings: { ...others, ...told, token } }
}

const given = (settings: Config): Config =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))

function isCloudAddress(url: unknown): boolean {
  try {
    return typeof url === 'string' && parseAddress(url).deployment === 'cloud'
  } catch (thrown) {
    if (thrown instanceof OutflowError) return false
    throw thrown
  }
}

/** As people paste it. */
const withScheme = (url: string) => (/^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `https://${url}`)

/** A proxy has them in its address, which is a secret. */
function withoutCredentials(text: string): string {
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return url.href
}
