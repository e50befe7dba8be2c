/** /imagine: a picture from words. */
import {
  type APIApplicationCommandBasicOption,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js'
import { usualModel } from '../discord/classRules.ts'
import { defineCommand } from '../discord/command.ts'
import { DRAW_COSTLY, LEAVE_COSTLY, leaveCostly } from '../discord/costQuestion.ts'
import { drawingOptions, readDrawingOptions } from '../discord/drawingOptions.ts'
import { extraOptionsFor, readExtras } from '../discord/extraOptions.ts'
import { startCostly, startJob } from '../discord/startJob.ts'
import { suggestions } from '../discord/suggestions.ts'
import type { ModelInfo } from '../domain.ts'
import type { ImagineOptions } from '../services/imagine.ts'

export default defineCommand({
  name: 'imagine',
  data: ({ backends }) => ({
    description: 'Describe a picture and watch it develop',
    options: optionsFor(backends.models()),
  }),
  async run(interaction, context) {
    const request = await context.services.imagine.parse(readOptions(interaction), interaction.guildId)
    await startJob(interaction, request, context)
  },
  async autocomplete(interaction: AutocompleteInteraction<'cached'>, { services }) {
    const { options, guildId } = interaction
    const asked = options.getString('model') || (await usualModel(services, guildId)).model?.id
    return suggestions(interaction, services, services.backends.models(), asked)
  },
  buttons: {
    // Under the question about the cost, whatever it was that would have begun: a command, a button or a form.
    [DRAW_COSTLY]: startCostly,
    [LEAVE_COSTLY]: leaveCostly,
  },
})

function optionsFor(models: readonly ModelInfo[]): APIApplicationCommandBasicOption[] {
  const options = drawingOptions(models).map((option) =>
    option.name === 'prompt' ? { ...option, required: true } : option,
  )
  return [...options, ...extraOptionsFor(models)]
}

function readOptions(interaction: ChatInputCommandInteraction<'cached'>): ImagineOptions {
  const { options } = interaction
  return {
    ...readDrawingOptions(interaction),
    prompt: options.getString('prompt', true),
    size: options.getString('size') ?? undefined,
    ...readExtras(options),
  }
}
