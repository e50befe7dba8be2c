/** What /mine finds: results that could be shown nowhere, and a person's last pictures. */
import type { ButtonInteraction } from 'discord.js'
import sharp from 'sharp'
import type { Job, Picture } from '../domain.ts'
import { UserError } from '../errors.ts'
import { endKey } from './answer.ts'
import type { BotContext } from './context.ts'
import { asLightAsNeeded, finishedJob } from './finishedJob.ts'
import { noteShown } from './noteShown.ts'
import type { Upload } from './render/blocks.ts'
import { renderError } from './render/errors.ts'
import type { MineEntry, MinePage } from './render/mine.ts'
import { altText } from './render/recipeInWords.ts'
import { renderResult } from './render/result.ts'
import { whatWasAsked } from './render/whatWasAsked.ts'
import { toEdit, toPrivate } from './send.ts'

const LAST = 20
const A_PAGE = 5
const THUMBNAIL = 160

type Who = { personId: string; guildId: string }

/** One page of a person's list; a page that is not there any more is the last one. */
export async function minePage(
  { personId, guildId }: Who,
  wanted: number,
  { services }: Pick<BotContext, 'services'>,
): Promise<MinePage> {
  const { gallery, queue, sends } = services
  const lost = sends.undelivered(personId, guildId).flatMap((id) => queue.get(id) ?? [])
  // A job whose pictures were deleted has nothing left to show.
  const left = lost.filter(({ id, state }) => state === 'failed' || gallery.ofJob(id).length > 0)
  const ids = new Set(left.map(({ id }) => id))
  const pictures = gallery.newestBy(personId, guildId, LAST).filter(({ jobId }) => !ids.has(jobId))
  const all = [
    ...left.map((job) => () => entryOfJob(job, services)),
    ...pictures.map((picture) => () => entryOfPicture(picture, services)),
  ]
  const pages = Math.max(1, Math.ceil(all.length / A_PAGE))
  const page = Math.min(Math.max(0, wanted), pages - 1)
  const shown = all.slice(page * A_PAGE, (page + 1) * A_PAGE)
  return { entries: await Promise.all(shown.map((make) => make())), page, pages }
}

type Services = BotContext['services']

async function entryOfJob(job: Job, services: Services): Promise<MineEntry> {
  const [first] = services.gallery.ofJob(job.id)
  const failed = job.state === 'failed' ? 'No picture: ' : ''
  return {
    title: `${failed}${whatWasAsked(job.request, 150)}`,
    madeAt: job.createdAt,
    thumbnail: first && (await thumbnailOf(first, services)),
    customId: `minejob:${job.id}`,
    isUndelivered: true,
  }
}

async function entryOfPicture(picture: Picture, services: Services): Promise<MineEntry> {
  return {
    title: whatWasAsked(picture.recipe, 150),
    madeAt: picture.createdAt,
    thumbnail: await thumbnailOf(picture, services),
    customId: `mineshow:${picture.id}`,
    isUndelivered: false,
  }
}

/** Its name is not that of a picture that was shown. */
async function thumbnailOf(picture: Picture, { gallery }: Services): Promise<Upload | undefined> {
  const png = await gallery.png(picture).catch(() => undefined)
  if (!png) return undefined
  const data = await sharp(png).resize(THUMBNAIL, THUMBNAIL, { fit: 'inside' }).webp().toBuffer()
  return { name: `mine-${picture.id}.webp`, data, description: altText(picture) }
}

/** Shows one picture to everyone, with its usual buttons. @throws UserError when it is not theirs, or gone */
export async function showPicture(
  interaction: ButtonInteraction<'cached'>,
  id: string,
  context: BotContext,
): Promise<void> {
  const { gallery, queue } = context.services
  const picture = gallery.get(id)
  const job = picture && queue.get(picture.jobId)
  const isTheirs = picture?.author.id === interaction.user.id && picture.guildId === interaction.guildId
  if (!job || !isTheirs) throw new UserError('not-found', 'This picture is not there any more.')
  await interaction.deferReply()
  const message = await asLightAsNeeded(async (isLighter) => {
    const finished = await finishedJob(withActions(context), job, { only: id, isLighter })
    return interaction.editReply(toEdit(renderResult(finished)))
  })
  await noteShown(message, [id], context.services)
}

/** Shows a result that could be shown nowhere; then it counts as delivered. @throws UserError when it is not theirs */
export async function showResult(
  interaction: ButtonInteraction<'cached'>,
  jobId: string,
  context: BotContext,
): Promise<void> {
  const { queue, sends } = context.services
  const job = queue.get(jobId)
  if (job?.asker.id !== interaction.user.id || job.origin.guildId !== interaction.guildId)
    throw new UserError('not-found', 'This result is not there any more.')
  if (job.state === 'failed') {
    const { resource } = await interaction.reply({
      ...toPrivate(renderError(job.failure ?? 'Something broke on our side; please try again.')),
      withResponse: true,
    })
    const message = resource?.message
    return sends.done(endKey(job), message ? placeOf(message) : undefined)
  }
  await interaction.deferReply()
  const message = await asLightAsNeeded(async (isLighter) => {
    const finished = await finishedJob(withActions(context), job, { isLighter })
    if (finished.pictures.length === 0) throw new UserError('not-found', 'This picture has been deleted.')
    return interaction.editReply(toEdit(renderResult(finished)))
  })
  const place = placeOf(message)
  sends.done(endKey(job), place, () => queue.markDelivered(job.id, place))
}

const placeOf = ({ channelId, id }: { channelId: string; id: string }) => ({ channelId, messageId: id })

const withActions = ({ services, registry }: BotContext) => ({
  services,
  actions: [...registry.actions.values()],
})
