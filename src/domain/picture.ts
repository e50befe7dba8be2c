/** What the gallery keeps. */
import type { Parent, Person } from './job.ts'
import { isSwap, type PictureRecipe, type Recipe } from './recipe.ts'

/** A picture that a model has drawn. */
export type Drawing = Picture & { recipe: Recipe }

export const isDrawing = (picture: Picture): picture is Drawing => !isSwap(picture.recipe)

/** One finished image with its recipe. The file is a PNG with AUTOMATIC1111's `parameters` text inside. */
export type Picture = {
  id: string
  jobId: string
  /** 0 for the first picture of its job. */
  index: number
  recipe: PictureRecipe
  author: Person
  guildId: string
  parents: Parent[]
  width: number
  height: number
  /** Sentences about this picture, e.g. which words the model does not know. */
  notes: string[]
  createdAt: number
}
