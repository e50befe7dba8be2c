/** The choices of an option while a person types it, with what is left of their day where models cost money. */
import type { APIApplicationCommandOptionChoice, AutocompleteInteraction } from 'discord.js'
import type { ModelInfo } from '../domain.ts'
import type { Services } from '../services/index.ts'
import { leftToday } from './leftToday.ts'
import { choicesFor } from './modelChoices.ts'
import { leftInShort } from './render/leftToday.ts'

/** @param modelId the model the person chose, or that of the class; else the first */
export async function suggestions(
  { options, guildId, user }: AutocompleteInteraction<'cached'>,
  services: Services,
  models: readonly ModelInfo[],
  modelId: string | undefined,
): Promise<APIApplicationCommandOptionChoice<string>[]> {
  const { name, value } = options.getFocused(true)
  const isPriced = name === 'model' && models.some(({ price }) => price)
  const left = isPriced ? leftInShort(await leftToday(services, guildId, user.id)) : undefined
  return choicesFor(name, value, models, modelId, (id) => services.backends.isUp(id), left)
}
