import { describe, expect, it } from 'vitest'
import type { ContentItem } from './api.ts'
import { lost } from './tree.ts'
import { createWaitingRoom } from './waiting-room.ts'

const item = (id: string, body?: string): ContentItem => ({
  id,
  type: 'page',
  title: id,
  status: 'current',
  spaceId: '1',
  version: 1,
  url: `http://wiki.example/${id}`,
  ...(body === undefined ? {} : { body }),
})

const put = (
  room: ReturnType<typeof createWaitingRoom>,
  id: string,
  awaited: { page: string } | 'end',
  body?: string,
) => room.put(item(id, body), lost({ id, type: 'page' }), awaited)

describe('the waiting room', () => {
  it('lets those go whose page has come, and only them', () => {
    const room = createWaitingRoom(100)
    put(room, 'a', { page: '7' }, 'text')
    put(room, 'b', { page: '8' }, 'text')
    put(room, 'c', 'end', 'text')
    expect(room.release(['7', '9']).map((each) => each.item.id)).toEqual(['a'])
    expect(room.empty().map((each) => each.item.id)).toEqual(['b', 'c'])
    expect(room.empty()).toEqual([])
  })

  it('keeps bodies while there is room, and the page without its body beyond', () => {
    const room = createWaitingRoom(10)
    put(room, 'a', 'end', '123456')
    put(room, 'b', 'end', '123456')
    put(room, 'c', 'end', '1234')
    expect(room.empty().map((each) => each.item.body)).toEqual(['123456', undefined, '1234'])
  })

  it('has room again when somebody has left', () => {
    const room = createWaitingRoom(10)
    put(room, 'a', { page: '7' }, '1234567890')
    room.release(['7'])
    put(room, 'b', 'end', '1234567890')
    expect(room.empty()[0]?.item.body).toBe('1234567890')
  })
})
