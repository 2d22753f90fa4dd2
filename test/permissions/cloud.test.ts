import { emittedPermissionsAreExact } from './property.ts'

emittedPermissionsAreExact('cloud')
