import { describe, expect, it } from 'vitest'
import type { Element } from '../../src/model/element.ts'
import { type ErrorKind, OutflowError } from '../../src/model/errors.ts'
import type { Job, JobState } from '../../src/platform/platform.ts'
import { answerTo } from '../../src/server/errors.ts'
import { eventText } from '../../src/server/events-stream.ts'
import { elementsAsCsv } from '../../src/server/wire/csv.ts'
import {
  detailsToWire,
  durationText,
  JobDetails,
  JobInformation,
  jobToWire,
  statesCalled,
} from '../../src/server/wire/jobs.ts'

const answer = (kind: ErrorKind, code: string, fields?: readonly { field: string; message: string }[]) =>
  answerTo(
    new OutflowError({
      kind,
      code,
      message: 'What happened.',
      fix: 'What to do.',
      ...(fields && { fields }),
    }),
    'r1',
  )

describe('an error', () => {
  it.each([
    ['credentials', 'key.expired', 401],
    ['permission', 'key.scope_missing', 403],
    ['missing', 'connector.not_found', 404],
    ['config', 'request.method_not_allowed', 405],
    ['config', 'connector.in_use', 409],
    ['config', 'workflow.key_taken', 409],
    ['config', 'settings.invalid', 412],
    ['config', 'connector.url_refused', 412],
    ['config', 'confluence.url.invalid', 412],
    ['config', 'request.too_large', 413],
    ['config', 'upload.too_large', 413],
    ['config', 'upload.too_many', 422],
    ['config', 'connector.type_unknown', 422],
    ['config', 'workflow.invalid', 422],
    ['content', 'partition.unsupported', 422],
    ['credentials', 'confluence.sign_in.rejected', 424],
    ['transient', 'http.timeout', 424],
    ['throttled', 'http.throttled', 424],
    ['permission', 'http.forbidden', 424],
    ['transient', 'postgres.unreachable', 424],
    ['missing', 'confluence.page.missing', 404],
    ['throttled', 'job.too_soon', 429],
    ['transient', 'state.database_unreachable', 503],
    ['config', 'state.disk_full', 503],
    ['bug', 'outflow.bug', 500],
  ] as const)('of the kind %s, code %s, is answered with %d', (kind, code, status) => {
    expect(answer(kind, code)).toMatchObject({ status, body: { code, request_id: 'r1' } })
  })

  it('says what happened and what to do, beside what clients of the reference read', () => {
    expect(answer('missing', 'job.not_found').body).toEqual({
      detail: 'What happened.',
      code: 'job.not_found',
      message: 'What happened.',
      fix: 'What to do.',
      request_id: 'r1',
    })
  })

  it('of a connector names the field', () => {
    const { body } = answer('config', 'settings.invalid', [{ field: 'url', message: 'missing' }])
    expect(body).toMatchObject({ errors: [{ field: 'url', message: 'missing' }], detail: 'What happened.' })
  })

  it('of a request names the place of each problem', () => {
    const { body } = answer('config', 'workflow.invalid', [
      { field: 'workflow_nodes.0.subtype', message: 'is not known' },
      { field: 'body.name', message: 'Field required' },
    ])
    expect(body.detail).toEqual([
      { loc: ['body', 'workflow_nodes', 0, 'subtype'], msg: 'is not known', type: 'value_error' },
      { loc: ['body', 'name'], msg: 'Field required', type: 'missing' },
    ])
  })

  it('about a key says it in the words of the reference', () => {
    expect(answer('credentials', 'key.missing').body.detail).toBe(
      'API key is missing, please provide an API key in the header.',
    )
  })

  it('that is a bug tells nothing of its inside', () => {
    const { status, body } = answerTo(new TypeError('password is hunter2'), 'r1')
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('hunter2')
  })
})

describe('a job on the wire', () => {
  const node = {
    id: 'n1',
    name: 'Partitioner',
    type: 'partition',
    subtype: 'unstructured_api',
    settings: null,
  }
  const job: Job = {
    id: 'j1',
    workspace: 'w',
    workflowId: 'w1',
    workflowName: 'Job j1',
    jobType: 'persistent',
    state: 'running',
    nodes: [node],
    options: {},
    createdAt: new Date('2026-01-31T12:00:00Z'),
    inputFileIds: [],
  }
  const coverage = {
    found: 10,
    done: 3,
    access_changed: 1,
    unchanged: 2,
    skipped: 1,
    not_permitted: 1,
    unsupported: 1,
    failed: 1,
  }

  it.each([
    ['queued', 'SCHEDULED', 'SCHEDULED'],
    ['running', 'IN_PROGRESS', 'IN_PROGRESS'],
    ['finished', 'COMPLETED', 'SUCCESS'],
    ['finished_with_failures', 'COMPLETED', 'COMPLETED_WITH_ERRORS'],
    ['held', 'COMPLETED', 'COMPLETED_WITH_ERRORS'],
    ['stopped', 'STOPPED', 'STOPPED'],
    ['failed', 'FAILED', 'FAILED'],
  ] as const)('that is %s is %s, and in its details %s', (state, status, processing) => {
    expect(JobInformation.parse(jobToWire({ ...job, state }))).toMatchObject({ status, state })
    expect(JobDetails.parse(detailsToWire({ ...job, state }, []))).toMatchObject({
      processing_status: processing,
      state,
    })
  })

  it('that has finished without all of its documents says so in its details', () => {
    const finished = { ...job, state: 'finished', coverage: { ...coverage, failed: 0 } } as const
    expect(detailsToWire(finished, []).processing_status).toBe('COMPLETED_WITH_ERRORS')
    const whole = { ...coverage, failed: 0, not_permitted: 0, unsupported: 0 }
    expect(detailsToWire({ ...finished, coverage: whole }, []).processing_status).toBe('SUCCESS')
  })

  it('leaves out what it does not know', () => {
    expect(jobToWire(job)).toEqual({
      id: 'j1',
      workflow_id: 'w1',
      workflow_name: 'Job j1',
      status: 'IN_PROGRESS',
      state: 'running',
      created_at: '2026-01-31T12:00:00.000Z',
      job_type: 'persistent',
    })
  })

  it('with files lists each after each step', () => {
    const wire = jobToWire({ ...job, jobType: 'ephemeral', inputFileIds: ['a.html', 'b.html'] })
    expect(wire.input_file_ids).toEqual(['a.html', 'b.html'])
    expect(wire.output_node_files).toEqual(
      ['a.html', 'b.html'].map((file_id) => ({
        file_id,
        node_id: 'n1',
        node_type: 'partition',
        node_subtype: 'unstructured_api',
      })),
    )
    expect(jobToWire({ ...job, jobType: 'template' })).toMatchObject({
      input_file_ids: [],
      output_node_files: [],
    })
  })

  it('sums its documents up', () => {
    const details = detailsToWire({ ...job, coverage }, [
      { node, ready: 1, inProgress: 2, success: 3, failure: 4 },
    ])
    expect(details.summary).toEqual({ total_docs: 10, total_docs_succeeded: 6, total_docs_failed: 3 })
    expect(details.node_stats).toEqual([
      {
        ready: 1,
        in_progress: 2,
        success: 3,
        failure: 4,
        node_name: 'Partitioner',
        node_type: 'partition',
        node_subtype: 'unstructured_api',
      },
    ])
  })

  it('tells how long it took', () => {
    expect([0, 532, 150_000, 3_600_000, 3_723_500].map(durationText)).toEqual([
      'PT0S',
      'PT0.532S',
      'PT2M30S',
      'PT1H',
      'PT1H2M3.5S',
    ])
  })

  it.each<[string, readonly JobState[]]>([
    ['COMPLETED', ['finished', 'finished_with_failures', 'held']],
    ['completed', ['finished', 'finished_with_failures', 'held']],
    ['in progress', ['running']],
    ['im progress', ['running']],
    ['In-Progress', ['running']],
    ['held', ['held']],
    ['completed with errors', ['finished_with_failures', 'held']],
    ['nonsense', []],
  ])('is found by the state "%s"', (word, states) => expect(statesCalled(word)).toEqual(states))
})

it('an event has its number, its type and its time', () => {
  const event = { type: 'waiting', seconds: 3, reason: 'a\nb' } as const
  expect(eventText({ number: 7, at: new Date('2026-01-31T12:00:00Z'), event })).toBe(
    'id: 7\nevent: waiting\ndata: {"at":"2026-01-31T12:00:00.000Z","type":"waiting","seconds":3,"reason":"a\\nb"}\n\n',
  )
})

it('elements make a table', () => {
  const elements: Element[] = [
    { type: 'Title', element_id: 'a', text: 'Say "hi"', metadata: { filename: 'x.html' } },
    { type: 'ListItem', element_id: 'b', text: 'one, two', metadata: { languages: ['eng'] } },
  ]
  expect(elementsAsCsv(elements)).toBe(
    'type,element_id,text,filename,languages\r\nTitle,a,"Say ""hi""",x.html,\r\nListItem,b,"one, two",,"[""eng""]"\r\n',
  )
})
