/** What the machine would silently ignore or replace is looked up before anything is sent (auto1111 contract, sections 4 and 6). */
import type { Recipe } from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import type { Catalogue } from './catalogue.ts'

/**
 * The recipe as this machine can draw it, with a sentence for each thing that it has to leave out.
 * Throws BackendError rejected for what changes the picture altogether: model, sampler, scheduler, upscaler, refiner.
 */
export function checkRequest(
  backend: string,
  asked: Recipe,
  catalogue: Catalogue,
): { recipe: Recipe; notes: string[] } {
  const refuse = (what: string): never => {
    const sentence = `The machine that draws does not have this ${what}; please choose another one.`
    throw new BackendError(backend, 'rejected', `it does not have the ${what} that was asked for`, {
      sentence,
    })
  }
  const has = (list: readonly { id: string }[], id: string) => list.some((one) => one.id === id)
  if (!has(catalogue.checkpoints, asked.model)) refuse('model')
  if (!catalogue.samplers.includes(asked.sampler)) refuse('sampler')
  if (!catalogue.schedulers.includes(asked.scheduler)) refuse('scheduler')
  if (asked.hires && !catalogue.upscalers.includes(asked.hires.upscaler)) refuse('upscaler')
  if (asked.refiner !== undefined && !has(catalogue.checkpoints, asked.refiner)) refuse('refiner')

  const notes: string[] = []
  const leaveOut = (what: string, name: string) =>
    void notes.push(`The machine does not have the ${what} "${name.slice(0, 60)}", so it was left out.`)
  const { loras, styles, vae, ...recipe } = asked
  const knownLoras = new Set(
    catalogue.loras.flatMap(({ name, alias }) => [name, ...(alias === undefined ? [] : [alias])]),
  )
  const keep = <T>(
    list: readonly T[] | undefined,
    what: string,
    isKnown: (one: T) => boolean,
    name: (one: T) => string,
  ) => list?.filter((one) => isKnown(one) || leaveOut(what, name(one)))
  const keptLoras = keep(
    loras,
    'LoRA',
    ({ name }) => knownLoras.has(name),
    ({ name }) => name,
  )
  const keptStyles = keep(
    styles,
    'style',
    (name) => catalogue.styles.includes(name),
    (name) => name,
  )
  const hasVae = vae !== undefined && catalogue.vaes.some(({ name }) => name === vae)
  if (vae !== undefined && !hasVae) leaveOut('VAE', vae)
  // Typed in the prompt as in AUTOMATIC1111: an unknown one is ignored there without a word.
  for (const [, name = ''] of asked.prompt.matchAll(/<lora:([^:>]+)[^>]*>/g))
    if (!knownLoras.has(name)) leaveOut('LoRA', name)
  return {
    recipe: {
      ...recipe,
      ...(keptLoras === undefined || keptLoras.length === 0 ? {} : { loras: keptLoras }),
      ...(keptStyles === undefined || keptStyles.length === 0 ? {} : { styles: keptStyles }),
      ...(hasVae ? { vae } : {}),
    },
    notes,
  }
}
