/** Suggestions while a person types an option, from what the models say of themselves. Pure. */
import type { APIApplicationCommandOptionChoice } from 'discord.js'
import type { ModelInfo } from '../domain.ts'
import { priceInWords } from '../money.ts'
import { extraChoices, lookedFor } from './extraOptions.ts'
import { shorten } from './render/blocks.ts'

const NAME_LIMIT = 100
const CHOICES = 25

/**
 * The choices of one option that fit what was typed so far: beginnings first, then anywhere.
 * @param modelId the model the person chose, or that of the class; else the first
 * @param isUp whether a model can be drawn with now
 * @param left what the person may still spend today, said where it costs money
 */
export function choicesFor(
  option: string,
  typed: string,
  models: readonly ModelInfo[],
  modelId?: string,
  isUp: (modelId: string) => boolean = () => true,
  left?: string,
): APIApplicationCommandOptionChoice<string>[] {
  const model = models.find(({ id }) => id === modelId) ?? models[0]
  const search = lookedFor(option, typed)
  const extra = extraChoices(option, typed, model)
  const every =
    extra?.map(({ search: words, ...choice }) => ({ choice, words })) ??
    everyChoice(option, models, model, isUp, left).map((choice) => ({
      choice,
      words: `${choice.value} ${choice.name}`,
    }))
  return every
    .map(({ choice, words }) => ({ choice, rank: rankOf(words.toLowerCase(), search) }))
    .filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, CHOICES)
    .map(({ choice }) => choice)
}

function rankOf(words: string, search: string): number {
  if (words.startsWith(search)) return 0
  return words.includes(search) ? 1 : 2
}

function everyChoice(
  option: string,
  models: readonly ModelInfo[],
  model: ModelInfo | undefined,
  isUp: (modelId: string) => boolean,
  left: string | undefined,
) {
  if (option === 'model') return models.map((each) => choice(each.id, modelName(each, isUp(each.id), left)))
  if (option === 'sampler') return (model?.samplers ?? []).map(({ id, help }) => choice(id, `${id}: ${help}`))
  if (option === 'scheduler')
    return (model?.schedulers ?? []).map(({ id, help }) => choice(id, `${id}: ${help}`))
  if (option === 'size')
    return (model?.sizes ?? []).map(({ id, width, height }) => choice(id, sizeName(id, width, height)))
  return []
}

/** What decides comes first: what it costs, and whether one would have to wait for its machine. */
function modelName(
  { title, description, price }: ModelInfo,
  isUp: boolean,
  left: string | undefined,
): string {
  const rest = price && left !== undefined ? `; ${left} left today` : ''
  return `${title} (${priceInWords(price)}${isUp ? ', ready' : ', not reachable now'}${rest}): ${description}`
}

const choice = (value: string, name: string) => ({ value, name: shorten(name, NAME_LIMIT) })

function sizeName(id: string, width: number, height: number): string {
  const shape = width === height ? 'square' : width > height ? 'landscape' : 'portrait'
  return `${id}: ${shape}, ${width} × ${height}`
}
