import { describe, expect, it } from 'vitest'
import { validateNodes } from '../../src/platform/nodes.ts'
import { readSchedule, scheduleWords } from '../../src/platform/schedule-words.ts'
import { createTemplates } from '../../src/platform/templates.ts'

describe('templates', () => {
  const templates = createTemplates()

  it('are the two that clients know, with nodes that keep their ids', () => {
    expect(templates.list().map(({ id }) => id)).toEqual(['hi_res_partition', 'hi_res_and_enrichment'])
    expect(createTemplates().list()).toEqual(templates.list())
    expect(templates.get('hi_res_and_enrichment').nodes.map(({ type, subtype }) => [type, subtype])).toEqual([
      ['partition', 'unstructured_api'],
      ['prompter', 'openai_image_description'],
      ['prompter', 'anthropic_ocr'],
      ['prompter', 'anthropic_table2html'],
    ])
  })

  it('run as far as their nodes are built', () => {
    const { nodes } = templates.get('hi_res_partition')
    expect(validateNodes(nodes)).toEqual(nodes)
    expect(() => validateNodes(templates.get('hi_res_and_enrichment').nodes)).toThrow('cannot run them yet')
  })

  it('are missing by any other name', () => {
    expect(() => templates.get('nonexistent_template')).toThrow('Template nonexistent_template not found')
    expect(() => templates.get('__proto__')).toThrow('not found')
  })
})

describe('schedules', () => {
  it('are words', () => {
    expect(Object.fromEntries(scheduleWords.map((words) => [words, readSchedule(words)]))).toEqual({
      'every 15 minutes': { cron: '*/15 * * * *' },
      'every hour': { cron: '0 * * * *' },
      'every 2 hours': { cron: '0 */2 * * *' },
      'every 4 hours': { cron: '0 */4 * * *' },
      'every 6 hours': { cron: '0 */6 * * *' },
      'every 8 hours': { cron: '0 */8 * * *' },
      'every 10 hours': { cron: '0 */10 * * *' },
      'every 12 hours': { cron: '0 */12 * * *' },
      daily: { cron: '0 0 * * *' },
      weekly: { cron: '0 0 * * 0' },
      monthly: { cron: '0 0 1 * *' },
    })
    expect(readSchedule(' Every  15 MINUTES')).toEqual({ cron: '*/15 * * * *' })
  })

  it.each(['* * * * *', '5 4 * * mon-fri', '0,30 8-18/2 1,15 jan,7 *', '10/20 0 29 2 *', '0 0 * * 7'])(
    'are cron expressions: %s',
    (cron) => {
      expect(readSchedule(cron)).toEqual({ cron })
    },
  )

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * 31 2,4 *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '1,1 * * * *',
    '0 0 * * 0,7',
    '@daily',
    'every 3 hours',
    '* * * * \0',
  ])('are nothing else: %j', (schedule) => {
    expect(readSchedule(schedule)).toEqual({
      problem: expect.stringContaining('every 15 minutes, every hour'),
    })
  })

  it('say what was probably meant', () => {
    expect(readSchedule('dayly')).toEqual({ problem: expect.stringContaining('Did you mean "daily"?') })
  })
})
