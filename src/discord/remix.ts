/** From a picture and a wish to a job that begins from that picture: the same for the command, the menu and the button. */
import type { ButtonInteraction, ChatInputCommandInteraction, ModalSubmitInteraction } from 'discord.js'
import { announce } from './acknowledge.ts'
import { isDrawing, type ModelInfo } from '../domain.ts'
import { UserError } from '../errors.ts'
import { priceInWords } from '../money.ts'
import type { ImagineOptions } from '../services/imagine.ts'
import type { Services } from '../services/index.ts'
import type { Size } from '../services/inputs.ts'
import { downloadAttachment, type AttachedFile } from './attachments.ts'
import type { BotContext } from './context.ts'
import { bytesOf, type Found } from './pictureOfMessage.ts'
import { startJob } from './startJob.ts'

/** What a person gave; all of it may be left out when the picture is one of ours. */
export type RemixOptions = Omit<ImagineOptions, 'prompt' | 'size' | 'initImage' | 'mask'> & {
  prompt?: string | undefined
  mask?: AttachedFile | undefined
}

type Asking =
  | ChatInputCommandInteraction<'cached'>
  | ButtonInteraction<'cached'>
  | ModalSubmitInteraction<'cached'>

/**
 * Keeps the picture (and the mask) and stores the job. What has to be fetched is announced before, everything that can be wrong without
 * it is told first.
 * @throws UserError
 */
export async function startRemix(
  interaction: Asking,
  context: BotContext,
  source: Found,
  given: RemixOptions,
): Promise<void> {
  const { services } = context
  const { imagine, inputs, safety, config } = services
  const { guildId } = interaction
  const { mask: maskFile, ...asked } = given
  const model = await remixModel(services, guildId, asked.model, maskFile !== undefined)
  const options = { ...asked, ...wordsOf(source, asked, model), model: model.id }
  await safety.check(await imagine.parse(options, guildId), guildId)
  if ('file' in source || maskFile) await announce(interaction, services)

  const bytes = await bytesOf(source, services)
  let size = model.sizes[0] as ModelInfo['sizes'][number]
  const image = await inputs.keep(bytes, (own) => (size = nearestSize(model.sizes, own)))
  const mask = maskFile && (await inputs.keepMask(await downloadAttachment(maskFile, config), bytes, size))
  const request = await imagine.parse(
    { ...options, size: size.id, initImage: image.id, mask: mask?.id },
    guildId,
  )
  const parents = 'picture' in source ? [{ pictureId: source.picture.id, relation: 'remix' as const }] : []
  await startJob(interaction, request, context, parents)
}

/** The models that can begin from a picture, the one that draws when nobody names another first. @throws UserError when there is none */
export async function remixModels(services: Services, guildId: string): Promise<ModelInfo[]> {
  const able = services.backends.models().filter(({ supports }) => supports.img2img)
  if (able.length === 0) {
    throw new UserError('not-set-up', 'No model here can begin from a picture; please tell your instructor.')
  }
  const usual = await services.imagine.modelFor(undefined, guildId).catch(() => undefined)
  return able.toSorted((a, b) => Number(b.id === usual?.id) - Number(a.id === usual?.id))
}

/** @throws UserError invalid-options that names the models that can; not-found, not-set-up */
async function remixModel(
  services: Services,
  guildId: string,
  asked: string | undefined,
  isMasked: boolean,
): Promise<ModelInfo> {
  const model = await services.imagine.modelFor(asked, guildId)
  const can = ({ supports }: ModelInfo) => supports.img2img && (!isMasked || supports.mask)
  if (can(model)) return model
  const what = model.supports.img2img ? 'draw only a part of a picture anew' : 'begin from a picture'
  const able = services.backends.models().filter(can)
  const named = able.slice(0, MOST_NAMED).map(({ id, price }) => `${id} (${priceInWords(price)})`)
  const instead =
    named.length > 0 ? `please choose one that can: ${named.join(', ')}.` : 'no other model here can either.'
  throw new UserError('invalid-options', `${model.title} cannot ${what}; ${instead}`)
}

const MOST_NAMED = 8

/** Without words of one's own, those of the picture. @throws UserError when it has none */
function wordsOf(source: Found, { prompt, negative }: RemixOptions, model: ModelInfo) {
  if (prompt?.trim()) return { prompt, negative }
  if ('picture' in source && isDrawing(source.picture)) {
    const { recipe } = source.picture
    const inherited = model.supports.negativePrompt ? recipe.negativePrompt || undefined : undefined
    return { prompt: recipe.prompt, negative: negative ?? inherited }
  }
  throw new UserError('invalid-options', 'Please write a prompt: what shall this picture become?')
}

/** The size whose shape is nearest to the picture's; its very own before all others. */
function nearestSize<T extends Size>(sizes: readonly T[], own: Size): T {
  const isOwn = ({ width, height }: Size) => width === own.width && height === own.height
  const stretch = ({ width, height }: Size) =>
    Number(Math.abs(Math.log((width / height) * (own.height / own.width))).toFixed(3))
  const [best] = sizes.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)) || stretch(a) - stretch(b))
  return best as T
}
