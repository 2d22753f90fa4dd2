import { faultTests } from './suite.ts'

await faultTests({ flavour: 'data-center', version: '7.4.0' }, false)
