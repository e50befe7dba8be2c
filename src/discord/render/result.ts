/** Finished pictures: in the channel of the command and in the gallery. Pure. */
import { messageLink } from 'discord.js'
import type { Job, Picture } from '../../domain.ts'
import { dollars } from '../../money.ts'
import { container, gallery, plain, smallText, text, type Upload, type View } from './blocks.ts'
import { pictureButtons, type ButtonOfAction } from './pictureButtons.ts'
import { altText, recipeInWords } from './recipeInWords.ts'

export type Finished = {
  job: Job
  pictures: readonly Picture[]
  /** The files of the pictures, in the same order. */
  files: readonly Upload[]
  /** The picture that this one was made from, if its button was pressed and it still exists. */
  parent: Picture | undefined
  actions: readonly ButtonOfAction[]
}

/** Begin of the name of an uploaded picture. A restart finds a message again by it. */
export const pictureFileName = (picture: Picture): string => `picture-${picture.id}.`

/** The file of a picture as it is uploaded. */
export function pictureUpload(picture: Picture, data: Uint8Array, extension = 'png'): Upload {
  return { name: `${pictureFileName(picture)}${extension}`, data, description: altText(picture.recipe) }
}

/** The answer to the command. */
export function renderResult(finished: Finished): View {
  return card(finished, [smallText(credit(finished) + cost(finished))])
}

/** The same when the private way of answering has expired: it mentions the author. */
export function renderLateResult(finished: Finished): View {
  const { job, pictures } = finished
  const ready = pictures.length === 1 ? 'your picture is ready' : 'your pictures are ready'
  const view = card(finished, [smallText(credit(finished) + cost(finished))])
  return { ...view, components: [text(`<@${job.asker.id}>, ${ready}.`), ...view.components] }
}

/** The copy in the gallery: with a link to where it was made, if that is known. */
export function renderGalleryEntry(
  finished: Finished,
  original: { channelId: string; messageId: string } | undefined,
): View {
  const { guildId } = finished.job.origin
  const link = original
    ? ` · [see it where it was made](${messageLink(original.channelId, original.messageId, guildId)})`
    : ''
  return card(finished, [smallText(credit(finished) + link)])
}

function card({ job, pictures, files, actions }: Finished, last: ReturnType<typeof text>[]): View {
  const recipes = pictures.map((picture) => picture.recipe)
  const recipe = recipes[0] ?? job.request
  const notes = [...new Set(pictures.flatMap((picture) => picture.notes))]
  return {
    components: [
      container('picture', [
        text(`**“${plain(recipe.prompt)}”**`),
        gallery(files),
        text(recipeInWords(recipe, recipes)),
        ...(notes.length > 0 ? [text(notes.join('\n'))] : []),
        ...last,
      ]),
      ...pictureButtons(pictures, actions),
    ],
    files: [...files],
  }
}

function credit({ job, parent }: Finished): string {
  const asker = `Asked for by **${plain(job.asker.name, 60)}**, drawn by a machine`
  if (!parent) return asker
  return `${asker}, after a picture by **${plain(parent.author.name, 60)}**`
}

/** In the channel of the command only: the gallery is about pictures. */
function cost({ job }: Finished): string {
  return job.costUsd === undefined ? '' : `. It cost ${dollars(job.costUsd)}.`
}
