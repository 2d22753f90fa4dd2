import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from './address.ts'

const cloud = { baseUrl: 'https://acme.atlassian.net/wiki', deployment: 'cloud' } as const

const table: readonly (readonly [string, Address])[] = [
  // Sites on Cloud, however much of the address came along.
  ['https://acme.atlassian.net', cloud],
  ['https://acme.atlassian.net/', cloud],
  ['https://acme.atlassian.net/wiki', cloud],
  ['https://ACME.atlassian.net/wiki/', cloud],
  ['acme.atlassian.net', cloud],
  ['  acme.atlassian.net/wiki  ', cloud],
  ['https://acme.atlassian.net/wiki/home', cloud],
  ['https://acme.atlassian.net/jira/your-work', cloud],
  ['https://acme.atlassian.net:443/wiki', cloud],
  // Spaces and pages on Cloud.
  ['https://acme.atlassian.net/wiki/spaces/HR', { ...cloud, spaceKey: 'HR' }],
  ['https://acme.atlassian.net/wiki/spaces/HR/overview?homepageId=5', { ...cloud, spaceKey: 'HR' }],
  ['https://acme.atlassian.net/wiki/spaces/~712020abc/overview', { ...cloud, spaceKey: '~712020abc' }],
  [
    'https://acme.atlassian.net/wiki/spaces/HR/pages/123/Holiday+policy#Days',
    { ...cloud, spaceKey: 'HR', pageId: '123' },
  ],
  ['https://acme.atlassian.net/wiki/spaces/HR/pages/123', { ...cloud, spaceKey: 'HR', pageId: '123' }],
  [
    'https://acme.atlassian.net/wiki/spaces/HR/pages/edit-v2/123',
    { ...cloud, spaceKey: 'HR', pageId: '123' },
  ],
  ['https://acme.atlassian.net/wiki/spaces/HR/pages/123/2024', { ...cloud, spaceKey: 'HR', pageId: '123' }],
  [
    'https://acme.atlassian.net/wiki/spaces/HR/blog/2024/03/01/456/We+moved',
    { ...cloud, spaceKey: 'HR', pageId: '456' },
  ],
  ['https://acme.atlassian.net/wiki/spaces/HR/folder/789', { ...cloud, spaceKey: 'HR', pageId: '789' }],
  ['https://acme.atlassian.net/wiki/x/SIAQ', { ...cloud, pageId: '1081416' }],
  ['https://acme.atlassian.net/wiki/api/v2/pages/77', { ...cloud, pageId: '77' }],
  // The gateway.
  [
    'https://api.atlassian.com/ex/confluence/11111111-2222/wiki/rest/api',
    {
      baseUrl: 'https://api.atlassian.com/ex/confluence/11111111-2222/wiki',
      deployment: 'cloud',
      cloudId: '11111111-2222',
    },
  ],
  // Data Center (or a Cloud site under a name of its own): any context path, any port.
  ['https://wiki.acme.com', { baseUrl: 'https://wiki.acme.com' }],
  ['http://localhost:8090/', { baseUrl: 'http://localhost:8090' }],
  ['http://localhost:8090/confluence/', { baseUrl: 'http://localhost:8090/confluence' }],
  ['https://acme.com:8443/tools/wiki', { baseUrl: 'https://acme.com:8443/tools/wiki' }],
  ['https://wiki.acme.com/wiki/login.action?os_destination=%2F', { baseUrl: 'https://wiki.acme.com/wiki' }],
  ['https://wiki.acme.com/dashboard.action', { baseUrl: 'https://wiki.acme.com' }],
  ['https://wiki.acme.com/display/HR', { baseUrl: 'https://wiki.acme.com', spaceKey: 'HR' }],
  ['https://wiki.acme.com/c/display/~jdoe', { baseUrl: 'https://wiki.acme.com/c', spaceKey: '~jdoe' }],
  [
    'https://wiki.acme.com/display/HR/Holiday+policy+%26+leave',
    { baseUrl: 'https://wiki.acme.com', spaceKey: 'HR', title: 'Holiday policy & leave' },
  ],
  [
    'https://wiki.acme.com/display/HR/2024/03/01/We+moved',
    { baseUrl: 'https://wiki.acme.com', spaceKey: 'HR', title: 'We moved' },
  ],
  [
    'https://wiki.acme.com/confluence/pages/viewpage.action?pageId=688183&src=search',
    { baseUrl: 'https://wiki.acme.com/confluence', pageId: '688183' },
  ],
  [
    'https://wiki.acme.com/pages/viewpage.action?spaceKey=HR&title=A+%2B+B',
    { baseUrl: 'https://wiki.acme.com', spaceKey: 'HR', title: 'A + B' },
  ],
  [
    'https://wiki.acme.com/spaces/viewspace.action?key=HR',
    { baseUrl: 'https://wiki.acme.com', spaceKey: 'HR' },
  ],
  [
    'https://wiki.acme.com/spaces/HR/pages/9/Title',
    { baseUrl: 'https://wiki.acme.com', spaceKey: 'HR', pageId: '9' },
  ],
  ['https://wiki.acme.com/x/N4AK', { baseUrl: 'https://wiki.acme.com', pageId: '688183' }],
  ['https://wiki.acme.com/x/IR-UAg', { baseUrl: 'https://wiki.acme.com', pageId: '47456033' }],
  ['https://wiki.acme.com/x/f5U_B', { baseUrl: 'https://wiki.acme.com', pageId: '71210367' }],
]

describe('an address', () => {
  it.each(table)('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address)
  })

  it('is not taken for Cloud because it only looks like it', () => {
    expect(parseAddress('https://acme.atlassian.net.evil.example/wiki').deployment).toBeUndefined()
    expect(parseAddress('https://atlassian.net.example').deployment).toBeUndefined()
  })

  it.each(['', 'ftp://wiki.acme.com', 'not an address', 'https://'])('is asked for again: "%s"', (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'confluence.url.invalid' }))
  })

  it('with a password in it is refused, and the password not repeated', () => {
    let message = ''
    try {
      parseAddress('https://bot:hunter2@wiki.acme.com')
    } catch (thrown) {
      message = (thrown as Error).message
    }
    expect(message).toContain('wiki.acme.com')
    expect(message).not.toContain('hunter2')
  })
})
