/**
 * A process that takes the lock of a folder when it is told to, says whether it got it, and keeps it.
 *
 * @module
 */

import { once } from 'node:events'
import { lockFolder } from '../../src/store/lock.ts'

console.log('ready')
await once(process.stdin, 'data')
const answer = await lockFolder(process.argv[2]!, 'outflow run confluence')
console.log('lock' in answer ? 'mine' : `refused by ${answer.holder?.pid}`)
