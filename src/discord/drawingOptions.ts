/** The options of a command that draws, from what the models allow, and what a person gave for them. */
import {
  ApplicationCommandOptionType as Option,
  type APIApplicationCommandBasicOption,
  type ChatInputCommandInteraction,
} from 'discord.js'
import { MAX_SEED, type ModelInfo } from '../domain.ts'
import type { ImagineOptions } from '../services/imagine.ts'

/** Discord's limit on the length of a text option. */
const LONGEST_TEXT = 6000

/** How the model draws and how large; the names are suggested. */
export const methodOptions: readonly APIApplicationCommandBasicOption[] = [
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
]

export const modelOption: APIApplicationCommandBasicOption = {
  type: Option.String,
  name: 'model',
  description: 'Which model draws',
  autocomplete: true,
}

/** The options; their limits are the widest that any model has, the exact ones are checked when it is asked. */
export function drawingOptions(models: readonly ModelInfo[]): APIApplicationCommandBasicOption[] {
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
    ...methodOptions,
    {
      type: Option.Integer,
      name: 'count',
      description: 'How many pictures, each with the next seed',
      min_value: 1,
      max_value: isKnown ? highest((model) => model.maxCount) : 4,
    },
    modelOption,
  ]
}

type Given = Omit<ImagineOptions, 'prompt' | 'size'> & { prompt?: string | undefined }

/** What was given for them, but for the size. */
export function readDrawingOptions({ options }: Pick<ChatInputCommandInteraction, 'options'>): Given {
  return {
    prompt: options.getString('prompt') ?? undefined,
    negative: options.getString('negative') ?? undefined,
    seed: options.getInteger('seed') ?? undefined,
    steps: options.getInteger('steps') ?? undefined,
    cfg: options.getNumber('cfg') ?? undefined,
    sampler: options.getString('sampler') ?? undefined,
    scheduler: options.getString('scheduler') ?? undefined,
    count: options.getInteger('count') ?? undefined,
    model: options.getString('model') ?? undefined,
  }
}
