import { describe, expect, it } from 'vitest'
import { unknownPermissions } from '../../model/permissions.ts'
import { documentOf } from './documents.ts'

const site = { deployment: 'cloud', webUrl: 'https://acme.example/wiki', id: 'acme', cloudId: 'c1' } as const
const space = { id: '1', key: 'HR', name: 'People', type: 'global', status: 'current' } as const

const document = (item: object, key = 'HR') =>
  documentOf(
    {
      site,
      space: { ...space, key },
      item: {
        id: '7',
        type: 'page',
        title: 'T',
        status: 'current',
        spaceId: '1',
        version: 3,
        url: 'https://acme.example/7',
        ...item,
      },
    },
    { way: [], permissions: unknownPermissions('test'), author: undefined },
  )

describe('a document', () => {
  it('is named by site, kind and id, never by its title', () => {
    expect(document({ title: '../../etc/passwd' })).toMatchObject({
      id: 'confluence:acme/page/7',
      path: 'HR/7.html',
      filename: '7.html',
      version: '3',
      recordLocator: { space_id: 'HR', document_id: '7', cloud_id: 'c1' },
    })
    expect(document({ type: 'blogpost' }).id).toBe('confluence:acme/blogpost/7')
  })

  it.each([
    ['..', '_'],
    ['../up', '.._up'],
    ['~712020:ab', '~712020_ab'],
    ['', '_'],
    ['a/b\\c\0', 'a_b_c_'],
  ])('has a path that cannot leave its folder, whatever the key: %j', (key, folder) => {
    expect(document({}, key).path.split('/')[0]).toMatch(/^[\w~.-]+$/)
    expect(['.', '..']).not.toContain(document({}, key).path.split('/')[0])
    expect(document({}, key).path.startsWith(folder)).toBe(true)
    expect(document({}, key).path.split('/')).toHaveLength(2)
  })
})
