/** Packs a fresh database into dist/, from which every state folder begins: part of the build and of the setup. */
import { packDatabase } from '../src/store/fresh-database.ts'

await packDatabase()
