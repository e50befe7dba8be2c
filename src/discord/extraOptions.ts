/** The options of /imagine that only some models have: offered when one does, read, and suggested. Pure. */
import { ApplicationCommandOptionType as Option, type APIApplicationCommandBasicOption } from 'discord.js'
import type { Choice, ModelInfo } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { ExtraOptions } from '../services/extras.ts'
import { shorten } from './render/blocks.ts'

type Extras = NonNullable<ModelInfo['extras']>

/** Which list of a model an option chooses from. `isList`: several with commas between them. */
const lists: Record<string, { of: keyof Extras; description: string; isList: boolean }> = {
  lora: {
    of: 'loras',
    description: 'An addition to the model with its weight, for example: paper:0.8; several with commas',
    isList: true,
  },
  vae: { of: 'vaes', description: 'Another decoder from latents to pixels', isList: false },
  style: {
    of: 'styles',
    description: 'A piece of prompt kept on the machine; several with commas',
    isList: true,
  },
  embedding: {
    of: 'embeddings',
    description: 'A word that the machine has learnt, added to the prompt; several with commas',
    isList: true,
  },
  refiner: { of: 'refiners', description: 'A second model that finishes the picture', isList: false },
}

const SCALES = ['1.5x', '2x']
/** Discord's limit on a choice. */
const LONGEST_CHOICE = 100

/** Only those that some model has: nobody shall be offered what nothing can do. */
export function extraOptionsFor(models: readonly ModelInfo[]): APIApplicationCommandBasicOption[] {
  const has = (of: keyof Extras) => models.some(({ extras }) => (extras?.[of].length ?? 0) > 0)
  const named = Object.entries(lists)
    .filter(([, { of }]) => has(of))
    .map(([name, { description }]) => ({
      type: Option.String as const,
      name,
      description,
      autocomplete: true as const,
    }))
  if (!has('upscalers')) return named
  const hires: APIApplicationCommandBasicOption = {
    type: Option.String,
    name: 'hires',
    description: 'Hires fix: draws it small, scales it up and draws it over again',
    choices: SCALES.map((scale) => ({ name: scale, value: scale })),
  }
  return [...named, hires]
}

/** @throws UserError invalid-options */
export function readExtras(options: { getString(name: string): string | null }): ExtraOptions {
  const text = (name: string) => options.getString(name)?.trim() || undefined
  const lora = text('lora')
  const style = text('style')
  const embedding = text('embedding')
  const hires = text('hires')
  return {
    ...(lora ? { loras: split(lora).map(loraOf) } : {}),
    vae: text('vae'),
    ...(embedding ? { embeddings: split(embedding) } : {}),
    ...(style ? { styles: split(style) } : {}),
    ...(hires ? { hires: { scale: scaleOf(hires) } } : {}),
    refiner: text('refiner'),
  }
}

const split = (typed: string) =>
  typed
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** "name", "name:0.8" or as in a prompt of AUTOMATIC1111, "<lora:name:0.8>". */
function loraOf(typed: string): { name: string; weight: number } {
  const inside = /^<lora:(.+)>$/i.exec(typed)?.[1] ?? typed
  const [, name, weight] = /^(.+):([-+]?\d*\.?\d+)$/.exec(inside) ?? []
  return { name: (name ?? inside).trim(), weight: weight === undefined ? 1 : Number(weight) }
}

function scaleOf(typed: string): number {
  if (SCALES.includes(typed)) return Number.parseFloat(typed)
  throw new UserError(
    'invalid-options',
    `hires must be one of: ${SCALES.join(', ')}; you asked for "${typed.slice(0, 60)}".`,
  )
}

/** Values with a few words, for what is being typed; undefined for an option that is not one of these. */
export function extraChoices(
  option: string,
  typed: string,
  model: ModelInfo | undefined,
): { value: string; name: string; search: string }[] | undefined {
  const list = lists[option]
  if (!list) return undefined
  const known: readonly Choice[] = model?.extras?.[list.of] ?? []
  // What stands before the last comma is chosen already.
  const before = list.isList ? typed.slice(0, typed.lastIndexOf(',') + 1).trim() : ''
  const start = before === '' ? '' : `${before} `
  return known
    .map(({ id, help }) => ({
      value: `${start}${id}`,
      name: shorten(help === '' ? `${start}${id}` : `${start}${id}: ${help}`, LONGEST_CHOICE),
      search: `${id} ${help}`,
    }))
    .filter(({ value }) => value.length <= LONGEST_CHOICE)
}

/** The part of what was typed that is still being looked for. */
export function lookedFor(option: string, typed: string): string {
  const part = lists[option]?.isList ? typed.slice(typed.lastIndexOf(',') + 1) : typed
  return part.trim().toLowerCase()
}
