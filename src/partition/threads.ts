/**
 * Threads that read files, so that nothing that a file does to its reader reaches anything else: a time and a memory for each file, and a
 * thread that exceeds them is ended and replaced.
 *
 * @module
 */

import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Loss } from '../model/content.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { createLimiter } from '../util/limiter.ts'
import { damaged, tooMuch } from './problems.ts'
import type { Reply, Request } from './thread.ts'

export interface ThreadOptions {
  /** Files that are read at the same time. Default: the processor's cores less one, at least one. */
  readonly threads?: number
  /** That one file may take. */
  readonly seconds: number
  /** That reading one file may take: its heap, and what it holds beside it. */
  readonly megabytes: number
}

interface Read {
  readonly elements: readonly Element[]
  readonly losses: readonly Loss[]
}

export interface Threads {
  /** @throws {OutflowError} what the reader throws; code `file.too_much` when time or memory is up */
  read(request: Request, signal: AbortSignal): Promise<Read>
  /** Ends all threads; what is under way fails. */
  close(): Promise<void>
}

/** How often a busy thread's memory is looked at, in milliseconds. */
const watchEvery = 200

/** Nothing starts before the first file. Threads at rest do not keep the process alive. */
export function createThreads({ threads, seconds, megabytes }: ThreadOptions): Threads {
  const limiter = createLimiter(threads ?? Math.max(1, availableParallelism() - 1))
  const resting = new Set<Worker>()
  const all = new Set<Worker>()

  function start(): Worker {
    const worker = new Worker(new URL(`./thread${extname(import.meta.url)}`, import.meta.url), {
      // What a library prints must not get among our own lines.
      ...{ stdout: true, stderr: true, env: {} },
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
    })
    // For one that dies while it rests.
    worker.on('error', () => {})
    all.add(worker)
    worker.once('exit', () => {
      all.delete(worker)
      resting.delete(worker)
    })
    return worker
  }

  function take(): Worker {
    const [rested] = resting
    if (rested === undefined) return start()
    resting.delete(rested)
    return rested
  }

  async function readIn(worker: Worker, request: Request, signal: AbortSignal): Promise<Read> {
    worker.ref()
    let answered = false
    try {
      const reply = await replyOf(worker, request, { seconds, megabytes, signal })
      answered = true
      if ('error' in reply) throw errorOf(reply)
      return reply
    } finally {
      if (answered && (await occupied(worker)) < (megabytes * megabyte) / 2) rest(worker)
      else await worker.terminate()
    }
  }

  function rest(worker: Worker): void {
    worker.unref()
    resting.add(worker)
  }

  return {
    read: (request, signal) => limiter.run(signal, () => readIn(take(), request, signal)),
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}

interface Limits {
  readonly seconds: number
  readonly megabytes: number
  readonly signal: AbortSignal
}

/** Whatever happens to the thread, there is an answer. */
function replyOf(worker: Worker, request: Request, { seconds, megabytes, signal }: Limits): Promise<Reply> {
  let settled = () => {}
  return new Promise<Reply>((resolve, reject) => {
    const over = () => reject(tooMuch(theFile, `more than ${seconds} seconds of work`))
    const crowded = () => reject(tooMuch(theFile, `more than its reader may hold, which is ${megabytes} MB`))
    const aborted = () => reject(signal.reason)
    const broken = (error: unknown) => {
      if ((error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY') crowded()
      else reject(damaged(theFile, 'its reader broke down', error))
    }
    const ended = () => reject(damaged(theFile, 'its reader ended'))
    const replied = (reply: Reply) => resolve(reply)
    const deadline = setTimeout(over, seconds * 1000)
    const watch = setInterval(() => {
      void occupied(worker).then((bytes) => {
        if (bytes > megabytes * megabyte) crowded()
      })
    }, watchEvery)
    worker.once('message', replied).once('error', broken).once('exit', ended)
    signal.addEventListener('abort', aborted, { once: true })
    settled = () => {
      clearTimeout(deadline)
      clearInterval(watch)
      worker.off('message', replied).off('error', broken).off('exit', ended)
      signal.removeEventListener('abort', aborted)
    }
    worker.postMessage(request)
  }).finally(() => settled())
}

const theFile = 'file'
const megabyte = 1_000_000

/** Bytes that a thread holds, also while it is busy; 0 when it has ended. */
async function occupied(worker: Worker): Promise<number> {
  try {
    const { used_heap_size: heap, external_memory: external } = await worker.getHeapStatistics()
    return heap + external
  } catch {
    return 0
  }
}

function errorOf({ error, stack }: Extract<Reply, { readonly error: unknown }>): OutflowError {
  const cause = stack === undefined ? undefined : Object.assign(new Error(error.message), { stack })
  return new OutflowError({ ...error, cause })
}
