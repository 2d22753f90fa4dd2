import { sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { signIn } from '../confluence/walking.ts'
import { keepsTheContract } from './contract.ts'

for (const flavour of ['cloud', 'data-center'] as const)
  keepsTheContract(`confluence (${flavour})`, async () => {
    const world = sampleWorld({ flavour })
    const sandbox = await startSandbox({ flavour, world })
    return {
      open: () =>
        confluence({
          ...signIn(sandbox, flavour),
          comments: 'none',
          extract_files: true,
          max_num_of_docs_from_each_space: 0,
        }),
      async remove({ place }) {
        world.trash(world.node(place.objectId)!)
      },
      dispose: () => sandbox.close(),
    }
  })
