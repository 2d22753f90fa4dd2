import { emittedPermissionsAreExact } from './property.ts'

emittedPermissionsAreExact('data-center')
