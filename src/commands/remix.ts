/** /remix: a picture from a picture and words (img2img). */
import {
  ApplicationCommandOptionType as Option,
  type APIApplicationCommandBasicOption,
  type Attachment,
  type AutocompleteInteraction,
} from 'discord.js'
import { z } from 'zod'
import type { AttachedFile } from '../discord/attachments.ts'
import { defineCommand } from '../discord/command.ts'
import { drawingOptions, readDrawingOptions } from '../discord/drawingOptions.ts'
import { lastPictureIn } from '../discord/pictureOfMessage.ts'
import { remixModels, startRemix } from '../discord/remix.ts'
import { readRemixForm } from '../discord/remixForm.ts'
import { parseStrength, strengthChoices } from '../discord/strength.ts'
import { suggestions } from '../discord/suggestions.ts'
import type { ModelInfo } from '../domain.ts'

export default defineCommand({
  name: 'remix',
  data: ({ backends }) => ({
    description: 'Begin from a picture: yours, or the last one in this channel',
    options: optionsFor(backends.models()),
  }),
  async run(interaction, context) {
    const { options, channelId } = interaction
    const strength = options.getString('strength')
    const image = options.getAttachment('image')
    const mask = options.getAttachment('mask')
    const source = image
      ? { file: fileOf(image) }
      : lastPictureIn(channelId, context.services, 'attach one as image, or draw one with /imagine')
    await startRemix(interaction, context, source, {
      ...readDrawingOptions(interaction),
      strength: strength === null ? undefined : parseStrength(strength),
      mask: mask ? fileOf(mask) : undefined,
    })
  },
  async autocomplete(interaction: AutocompleteInteraction<'cached'>, { services }) {
    const { options, guildId } = interaction
    const { name, value } = options.getFocused(true)
    if (name === 'strength') return strengthChoices(value)
    const models = await remixModels(services, guildId)
    const asked = options.getString('model') ?? models[0]?.id
    return suggestions(interaction, services, models, asked)
  },
  modals: {
    /** The form of the menu entry, over a file that somebody else has attached. */
    async remixfile(interaction, draftId, context) {
      // It stays: the form may be sent again after an error.
      const file = context.services.drafts.read(draftId, interaction.user.id, fileSchema)
      await startRemix(interaction, context, { file }, readRemixForm(interaction))
    },
  },
})

const fileSchema = z.object({ name: z.string(), url: z.string(), size: z.number() })

const fileOf = ({ name, url, size }: Attachment): AttachedFile => ({ name, url, size })

function optionsFor(models: readonly ModelInfo[]): APIApplicationCommandBasicOption[] {
  const able = models.filter(({ supports }) => supports.img2img)
  const described: Record<string, string> = {
    prompt: 'What the picture shall become; left out: the prompt of the picture, if it is one of ours',
    seed: 'A number for the noise that covers the picture; the same seed and settings give the same remix',
    steps: 'How many steps the whole way would have; the strength says how many of them are run',
    count: 'How many remixes, each with the next seed',
    model: 'Which model draws; only some can begin from a picture',
  }
  const usual = drawingOptions(able.length > 0 ? able : models)
    .filter(({ name }) => name !== 'size')
    .map((option) => ({ ...option, description: described[option.name] ?? option.description }))
  return [
    {
      type: Option.Attachment,
      name: 'image',
      description: 'The picture to begin from (PNG, JPEG or WebP); left out: the last one in this channel',
    },
    ...usual.filter(({ name }) => name === 'prompt'),
    {
      type: Option.String,
      name: 'strength',
      description: 'From 0, keep everything, to 1, keep nothing; a number or words',
      autocomplete: true,
    },
    {
      type: Option.Attachment,
      name: 'mask',
      description: 'A picture of the same shape: what is white in it is drawn anew, what is black stays',
    },
    ...usual.filter(({ name }) => name !== 'prompt'),
  ]
}
