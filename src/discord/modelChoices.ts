/** Suggestions while a person types an option, from what the models say of themselves. Pure. */
import type { APIApplicationCommandOptionChoice } from 'discord.js'
import type { ModelInfo } from '../domain.ts'
import { shorten } from './render/blocks.ts'

const NAME_LIMIT = 100
const CHOICES = 25

/**
 * The choices of one option that fit what was typed so far: beginnings first, then anywhere.
 * @param modelId the model the person chose; else the first
 */
export function choicesFor(
  option: string,
  typed: string,
  models: readonly ModelInfo[],
  modelId?: string,
): APIApplicationCommandOptionChoice<string>[] {
  const model = models.find(({ id }) => id === modelId) ?? models[0]
  const search = typed.trim().toLowerCase()
  return everyChoice(option, models, model)
    .map((choice) => ({ choice, rank: rankOf(`${choice.value} ${choice.name}`.toLowerCase(), search) }))
    .filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, CHOICES)
    .map(({ choice }) => choice)
}

function rankOf(words: string, search: string): number {
  if (words.startsWith(search)) return 0
  return words.includes(search) ? 1 : 2
}

function everyChoice(option: string, models: readonly ModelInfo[], model: ModelInfo | undefined) {
  if (option === 'model')
    return models.map(({ id, title, description }) => choice(id, `${title}: ${description}`))
  if (option === 'sampler') return (model?.samplers ?? []).map(({ id, help }) => choice(id, `${id}: ${help}`))
  if (option === 'scheduler')
    return (model?.schedulers ?? []).map(({ id, help }) => choice(id, `${id}: ${help}`))
  if (option === 'size')
    return (model?.sizes ?? []).map(({ id, width, height }) => choice(id, sizeName(id, width, height)))
  return []
}

const choice = (value: string, name: string) => ({ value, name: shorten(name, NAME_LIMIT) })

function sizeName(id: string, width: number, height: number): string {
  const shape = width === height ? 'square' : width > height ? 'landscape' : 'portrait'
  return `${id}: ${shape}, ${width} × ${height}`
}
