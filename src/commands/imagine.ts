/** /imagine: a picture from words. */
import {
  ApplicationCommandOptionType as Option,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type APIApplicationCommandBasicOption,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js'
import { usualModel } from '../discord/classRules.ts'
import { defineCommand } from '../discord/command.ts'
import { extraOptionsFor, readExtras } from '../discord/extraOptions.ts'
import { choicesFor } from '../discord/modelChoices.ts'
import { startJob } from '../discord/startJob.ts'
import { MAX_SEED, type ModelInfo } from '../domain.ts'
import type { ImagineOptions } from '../services/imagine.ts'

/** Discord's limit on the length of a text option. */
const LONGEST_TEXT = 6000

export default defineCommand({
  name: 'imagine',
  data: ({ backends }) => ({
    name: 'imagine',
    type: ApplicationCommandType.ChatInput,
    description: 'Describe a picture and watch it develop',
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    options: optionsFor(backends.models()),
  }),
  async run(interaction, context) {
    const request = await context.services.imagine.parse(readOptions(interaction), interaction.guildId)
    await startJob(interaction, request, context)
  },
  async autocomplete({ options, guildId }: AutocompleteInteraction<'cached'>, { services }) {
    const { backends } = services
    const { name, value } = options.getFocused(true)
    const asked = options.getString('model') || (await usualModel(services, guildId)).model?.id
    return choicesFor(name, value, backends.models(), asked, (id) => backends.isUp(id))
  },
})

/** The options; their limits are the widest that any model has, the exact ones are checked when it is asked. */
function optionsFor(models: readonly ModelInfo[]): APIApplicationCommandBasicOption[] {
  const lowest = (pick: (model: ModelInfo) => number) => Math.min(...models.map(pick))
  const highest = (pick: (model: ModelInfo) => number) => Math.max(...models.map(pick))
  const isKnown = models.length > 0
  const longest = isKnown
    ? Math.min(
        LONGEST_TEXT,
        highest((model) => model.maxPromptLength),
      )
    : LONGEST_TEXT
  return [
    {
      type: Option.String,
      name: 'prompt',
      description: 'What the picture shows, for example: a red heart',
      required: true,
      min_length: 1,
      max_length: longest,
    },
    {
      type: Option.String,
      name: 'negative',
      description: 'What you do not want to see',
      max_length: longest,
    },
    {
      type: Option.Integer,
      name: 'seed',
      description: 'A number for the noise it begins with; the same seed and settings give the same picture',
      min_value: 0,
      max_value: MAX_SEED,
    },
    {
      type: Option.Integer,
      name: 'steps',
      description: 'How many steps from noise to picture; more steps take longer',
      ...(isKnown
        ? { min_value: lowest((model) => model.steps.min), max_value: highest((model) => model.steps.max) }
        : {}),
    },
    {
      type: Option.Number,
      name: 'cfg',
      description: 'Guidance: how closely the picture follows the prompt',
      ...(isKnown
        ? {
            min_value: lowest((model) => model.cfgScale.min),
            max_value: highest((model) => model.cfgScale.max),
          }
        : {}),
    },
    {
      type: Option.String,
      name: 'sampler',
      description: 'The method that takes the steps',
      autocomplete: true,
    },
    {
      type: Option.String,
      name: 'scheduler',
      description: 'How the noise is spread over the steps',
      autocomplete: true,
    },
    {
      type: Option.String,
      name: 'size',
      description: 'Width and height in pixels, as the model allows',
      autocomplete: true,
    },
    {
      type: Option.Integer,
      name: 'count',
      description: 'How many pictures, each with the next seed',
      min_value: 1,
      max_value: isKnown ? highest((model) => model.maxCount) : 4,
    },
    { type: Option.String, name: 'model', description: 'Which model draws', autocomplete: true },
    ...extraOptionsFor(models),
  ]
}

function readOptions({ options }: ChatInputCommandInteraction<'cached'>): ImagineOptions {
  return {
    prompt: options.getString('prompt', true),
    negative: options.getString('negative') ?? undefined,
    seed: options.getInteger('seed') ?? undefined,
    steps: options.getInteger('steps') ?? undefined,
    cfg: options.getNumber('cfg') ?? undefined,
    sampler: options.getString('sampler') ?? undefined,
    scheduler: options.getString('scheduler') ?? undefined,
    size: options.getString('size') ?? undefined,
    count: options.getInteger('count') ?? undefined,
    model: options.getString('model') ?? undefined,
    ...readExtras(options),
  }
}
