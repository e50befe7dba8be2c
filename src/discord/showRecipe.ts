/** From a picture to the private message with its recipe, and from its button to a job. */
import {
  MessageFlags,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
} from 'discord.js'
import { z } from 'zod'
import { isDrawing, type Parent, type Picture } from '../domain.ts'
import { dollars } from '../money.ts'
import type { Found as FoundRecipe, Here } from '../services/inspect/index.ts'
import type { Services } from '../services/index.ts'
import { usualModel } from './classRules.ts'
import type { BotContext } from './context.ts'
import { leftToday } from './leftToday.ts'
import { bytesOf, type Found as FoundPicture } from './pictureOfMessage.ts'
import { optionsOf } from './pictureOptions.ts'
import { plain } from './render/blocks.ts'
import { leftInWords } from './render/leftToday.ts'
import { renderOffer, renderRecipe } from './render/recipe.ts'
import { toEdit, toPrivate } from './send.ts'
import { acceptJob } from './startJob.ts'

/** Names of the buttons; the argument is the id of the offer, a draft. */
export const MAKE = 'makehere'
export const MAKE_ANYWAY = 'makeanyway'

const LONGEST_VALUE = 150

/** What the button does; `pictureId`: ours, of which it is another copy. */
type Offer = Here & { pictureId?: string | undefined }
/** Written by us from ImagineOptions; imagine.parse checks every value again. */
const offerSchema = z.object({
  options: z.looseObject({ prompt: z.string() }),
  unmatched: z.array(z.string()),
  pictureId: z.string().optional(),
})

/** Answers privately. @throws UserError when there is no picture that can be read */
export async function showRecipe(
  interaction: ChatInputCommandInteraction<'cached'> | MessageContextMenuCommandInteraction<'cached'>,
  source: FoundPicture,
  { services }: BotContext,
): Promise<void> {
  // The file has to be fetched first.
  await interaction.deferReply({ flags: MessageFlags.Ephemeral })
  const { inspect, gallery, drafts } = services
  const found = await inspect.read(await bytesOf(source, services))
  const picture =
    'picture' in source ? source.picture : inspect.ours(found, source.file.name, interaction.guildId)
  const offer = await offerFor(found, picture, interaction.guildId, services)
  const parents = picture?.parents.flatMap(({ pictureId }) => gallery.get(pictureId) ?? []) ?? []
  const view = renderRecipe({
    found,
    words: inspect.inWords(found, (words) => plain(words, LONGEST_VALUE)),
    unmatched: offer.unmatched,
    ours: picture && { picture, parents },
    makeButton: offer.options.prompt === '' ? undefined : `${MAKE}:${drafts.put(interaction.user.id, offer)}`,
  })
  await interaction.editReply(toEdit(view))
}

/** One of ours begins from its row, which knows more than its file; while its model is there. */
async function offerFor(
  found: FoundRecipe,
  picture: Picture | undefined,
  guildId: string,
  services: Services,
): Promise<Offer> {
  const pictureId = picture?.id
  const isHere = (id: string) => services.backends.models().some((model) => model.id === id)
  if (picture && isDrawing(picture) && isHere(picture.recipe.model)) {
    const { seed, variationSeed, variationStrength } = picture.recipe
    const options = { ...optionsOf(picture, services), seed, variationSeed, variationStrength }
    return { options, unmatched: [], pictureId }
  }
  const { model } = await usualModel(services, guildId)
  return { ...services.inspect.here(found, model?.id), pictureId }
}

/** "Make it here": starts at once when everything matches and costs nothing, else asks first. */
export async function makeHere(
  interaction: ButtonInteraction<'cached'>,
  offerId: string,
  context: BotContext,
): Promise<void> {
  const offer = offerOf(interaction, offerId, context)
  const { options, unmatched } = offer
  const request = await context.services.imagine.parse(options, interaction.guildId)
  const estimate = context.services.backends.estimate(request)
  if (unmatched.length === 0 && !estimate) return makeAnyway(interaction, offerId, context)
  const left = estimate && (await leftToday(context.services, interaction.guildId, interaction.user.id))
  const cost = estimate && left && `It costs about ${dollars(estimate.usd)}. ${leftInWords(left) ?? ''}`
  // A yes to what costs money counts once; this button may ask again.
  const asked = estimate ? context.services.drafts.put(interaction.user.id, offer) : offerId
  await interaction.reply(toPrivate(renderOffer(unmatched, cost, `${MAKE_ANYWAY}:${asked}`)))
}

/** Starts the job; the picture comes into the channel, for everyone. */
export async function makeAnyway(
  interaction: ButtonInteraction<'cached'>,
  offerId: string,
  context: BotContext,
): Promise<void> {
  const { options, pictureId } = offerOf(interaction, offerId, context)
  const { backends, drafts, imagine } = context.services
  const request = await imagine.parse(options, interaction.guildId)
  const isPaid = backends.estimate(request) !== undefined
  const parents: Parent[] = pictureId ? [{ pictureId, relation: 'other' }] : []
  // Not `startJob`: about the cost it was asked with the rest.
  await acceptJob(interaction, context, (asker, origin) =>
    imagine.submit(request, asker, origin, parents, () => {
      // Together with the job: pressed twice it is bought once, and refused it can be pressed again.
      if (isPaid) drafts.take(offerId, asker.id, offerSchema)
    }),
  )
}

/** It stays: a button may be pressed again, where that costs nothing. */
const offerOf = ({ user }: ButtonInteraction<'cached'>, id: string, { services }: BotContext): Offer =>
  services.drafts.read(id, user.id, offerSchema)
