/** The words of the project as types: everyone imports them from here. Imports zod only. */
export * from './domain/backend.ts'
export * from './domain/job.ts'
export * from './domain/picture.ts'
export * from './domain/recipe.ts'
export * from './domain/run.ts'
