/** Finished pictures: in the channel of the command and in the gallery. Pure. */
import { messageLink } from 'discord.js'
import { isDrawing, isSwap, type Job, type Parent, type Picture } from '../../domain.ts'
import { dollars } from '../../money.ts'
import { renderExperiment, type FinishedExperiment } from './experiment.ts'
import { container, gallery, plain, smallText, text, type Upload, type View } from './blocks.ts'
import { pictureButtons, type ButtonOfAction } from './pictureButtons.ts'
import { altText, recipeInWords } from './recipeInWords.ts'
import { FROM_SWAP, swapInWords } from './swapInWords.ts'
import { whatWasAsked } from './whatWasAsked.ts'

export type Finished = {
  job: Job
  pictures: readonly Picture[]
  /** The files of the pictures, in the same order; of an experiment its contact sheet. */
  files: readonly Upload[]
  /** A remix: the picture that they began from, and whose it is. */
  before?: { file: Upload; whose: string } | undefined
  /** What its pictures come from; `picture` is undefined when that one was deleted. */
  parents: readonly (Parent & { picture: Picture | undefined })[]
  actions: readonly ButtonOfAction[]
  /** A face swap is among its ancestors. */
  isFromSwap?: boolean
  experiment?: FinishedExperiment
  /** Discord took the files only as smaller copies. */
  isLighter?: boolean
}

/** Begin of the name of an uploaded picture. A restart finds a message again by it. */
export const pictureFileName = (picture: Picture): string => `picture-${picture.id}.`

/** The file of a picture as it is uploaded. */
export function pictureUpload(picture: Picture, data: Uint8Array): Upload {
  return { name: `${pictureFileName(picture)}png`, data, description: altText(picture) }
}

const LIGHTER =
  'Discord did not take files of this size, so this is a smaller copy; Darkroom keeps the picture as it was drawn.'

/** The answer to the command. */
export function renderResult(finished: Finished): View {
  return card(finished, [smallText(credit(finished) + cost(finished))])
}

/** The same when the private way of answering has expired: it mentions the author and leads back to the command. */
export function renderLateResult(finished: Finished, link: string | undefined): View {
  const { job, pictures } = finished
  const view = card(finished, [smallText(credit(finished) + cost(finished))])
  const sentence = `<@${job.asker.id}>, ${isReady(pictures)}${toCommand(link)}.`
  return { ...view, components: [text(sentence), ...view.components] }
}

/** As a direct message, when the channel of the command is closed. Its buttons would not work there. */
export function renderDirectResult(finished: Finished, link: string | undefined): View {
  const view = card({ ...finished, actions: [] }, [smallText(credit(finished) + cost(finished))])
  const sentence = `Darkroom may not post in the channel where you asked, so it comes here: ${isReady(finished.pictures)}${toCommand(link)}. In the class \`/mine\` shows it again, with its buttons.`
  return { ...view, components: [text(sentence), ...view.components] }
}

/** What the message of a command says when its result had to be sent as another one. */
export function renderElsewhere(job: Job, place: { channelId: string; messageId: string } | undefined): View {
  const isHere = place?.channelId === job.origin.channelId
  const where = isHere
    ? `The answer is in [another message](${messageLink(place.channelId, place.messageId, job.origin.guildId)}).`
    : `The answer could not be shown here; **${plain(job.asker.name, 60)}** finds it in their direct messages or with \`/mine\`.`
  return { components: [container('working', [text(where)])] }
}

const isReady = (pictures: readonly Picture[]): string =>
  pictures.length === 1 ? 'your picture is ready' : 'your pictures are ready'

/** A link back, where the message of the command is known. */
export const toCommand = (link: string | undefined): string =>
  link === undefined ? '' : ` ([your command](${link}))`

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

function card(finished: Finished, last: ReturnType<typeof text>[]): View {
  const { job, pictures, files, before, actions, experiment, isFromSwap, isLighter } = finished
  const lighter = isLighter ? [smallText(LIGHTER)] : []
  if (experiment)
    return renderExperiment(finished, experiment, [
      ...(isFromSwap ? [text(FROM_SWAP)] : []),
      ...lighter,
      ...last,
    ])
  const recipe = pictures[0]?.recipe ?? job.request
  const notes = [...new Set(pictures.flatMap((picture) => picture.notes))]
  return {
    components: [
      container('picture', [
        ...(isSwap(recipe) ? [] : [text(`**${whatWasAsked(job.request)}**`)]),
        gallery(before ? [...files, before.file] : files),
        ...(isFromSwap ? [text(FROM_SWAP)] : []),
        ...(before ? [smallText(besides(before.whose, files.length))] : []),
        ...(isSwap(recipe)
          ? [text(swapInWords(recipe))]
          : [
              text(
                recipeInWords(
                  recipe,
                  pictures.filter(isDrawing).map((each) => each.recipe),
                ),
              ),
            ]),
        ...(notes.length > 0 ? [text(notes.join('\n'))] : []),
        ...lighter,
        ...last,
      ]),
      ...pictureButtons(pictures, actions),
    ],
    files: before ? [...files, before.file] : [...files],
  }
}

/** The picture itself is what people came for, so it stands first. */
function besides(whose: string, remixes: number): string {
  return remixes === 1
    ? `First the remix, then what it began from: ${whose}.`
    : `First the ${remixes} remixes, last what they began from: ${whose}.`
}

function credit({ job, parents }: Finished): string {
  const made = isSwap(job.request) ? 'made' : 'drawn'
  const asker = `Asked for by **${plain(job.asker.name, 60)}**, ${made} by a machine`
  const authors = parents.flatMap(({ picture }) => (picture ? [picture.author.name] : []))
  if (authors.length === 0) return asker
  const names = [...new Set(authors)].map((name) => `**${plain(name, 60)}**`)
  return `${asker}, after ${names.length === 1 ? 'a picture' : 'pictures'} by ${names.join(' and ')}`
}

/** In the channel of the command only: the gallery is about pictures. */
function cost({ job }: Finished): string {
  return job.costUsd === undefined ? '' : `. It cost ${dollars(job.costUsd)}.`
}
