/** The buttons under pictures, from the files in pictureActions/. Pure. */
import type { APIMessageTopLevelComponent } from 'discord.js'
import type { Picture } from '../../domain.ts'
import type { PictureAction } from '../pictureAction.ts'
import { button, rows } from './blocks.ts'

/** What rendering needs to know of an action. */
export type ButtonOfAction = Pick<PictureAction, 'name' | 'order' | 'scope' | 'label' | 'style'>

/**
 * One picture: all actions in one line. Several: first the actions for all of them together, then for each
 * action that is about one picture a line with a button per picture ("Vary 1", "Vary 2" ...).
 */
export function pictureButtons(
  pictures: readonly Picture[],
  actions: readonly ButtonOfAction[],
): APIMessageTopLevelComponent[] {
  const [first] = pictures
  if (!first) return []
  const sorted = [...actions].sort((a, b) => a.order - b.order)
  if (pictures.length === 1) {
    return rows(sorted.map((action) => button(`${action.name}:${first.id}`, action.label(), action.style)))
  }
  const together = sorted.filter((action) => action.scope === 'job')
  const each = sorted.filter((action) => action.scope === 'picture')
  return [
    ...rows(together.map((action) => button(`${action.name}:${first.id}`, action.label(), action.style))),
    ...each.flatMap((action) =>
      rows(
        pictures.map((picture) =>
          button(`${action.name}:${picture.id}`, action.label(picture.index + 1), action.style),
        ),
      ),
    ),
  ]
}
