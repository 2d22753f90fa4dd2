import { faultTests } from './suite.ts'

await faultTests({ flavour: 'data-center' })
