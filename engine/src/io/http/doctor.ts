// What `groundswell doctor` asks a running engine.
import { z } from 'zod'
import type { Route } from './route.ts'

export interface DoctorDeps {
  /** What only the engine can know of itself and of its store. */
  readonly doctor: () => Promise<object>
}

export function doctorRoute({ doctor }: DoctorDeps): Route {
  return {
    method: 'GET', path: '/api/doctor', summary: 'What groundswell doctor looks at from inside: problems, position, tables; it changes between versions',
    answers: { 200: { description: 'The facts', shape: z.looseObject({ version: z.string() }) } },
    handle: () => doctor(),
  }
}
