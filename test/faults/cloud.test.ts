import { faultTests } from './suite.ts'

await faultTests({ flavour: 'cloud' })
