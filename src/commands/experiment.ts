/** /experiment: one thing changed, all else the same; first a prediction, then the pictures side by side. */
import {
  ApplicationCommandOptionType as Option,
  type APIApplicationCommandBasicOption,
  type ChatInputCommandInteraction,
} from 'discord.js'
import { usualModel } from '../discord/classRules.ts'
import { defineCommand } from '../discord/command.ts'
import { methodOptions, modelOption } from '../discord/drawingOptions.ts'
import { pictureChoices, valueChoices, variableChoices } from '../discord/experimentChoices.ts'
import { askForLesson, lookAt, plannedOf, predicted } from '../discord/experimentSteps.ts'
import { leftToday } from '../discord/leftToday.ts'
import { predictionForm } from '../discord/render/predictionForm.ts'
import { suggestions } from '../discord/suggestions.ts'
import { experimentVariables, MAX_SEED, type ExperimentVariable } from '../domain.ts'

/** So many of the newest pictures can be chosen by their words. */
const NEWEST = 100

export default defineCommand({
  name: 'experiment',
  data: () => ({
    description: 'Change one thing, keep all else the same, and see what it does',
    options,
  }),
  async run(interaction, context) {
    const { request, parents } = await plannedOf(interaction, variableOf(interaction), context)
    const { backends, drafts } = context.services
    const id = drafts.put(interaction.user.id, { request, parents })
    await interaction.showModal(
      predictionForm(`experiment:${id}`, {
        experiment: request.experiment,
        estimate: backends.estimate(request),
        left: await leftToday(context.services, interaction.guildId, interaction.user.id),
      }),
    )
  },
  async autocomplete(interaction, { services }) {
    const { options, guildId, channelId } = interaction
    const { name, value } = options.getFocused(true)
    const { gallery, backends } = services
    if (name === 'picture') {
      return pictureChoices(value, gallery.lastIn(channelId), gallery.newest(guildId, NEWEST))
    }
    const asked = options.getString('model') || (await usualModel(services, guildId)).model?.id
    const variable = experimentVariables.find((each) => each === options.getString('variable'))
    if (name === 'values' && variable) {
      const model = backends.models().find(({ id }) => id === asked) ?? backends.models()[0]
      return valueChoices(variable, value, model)
    }
    return suggestions(interaction, services, backends.models(), asked)
  },
  buttons: {
    // The one under an experiment of a lesson: `experiment:<slug>/<id>`.
    experiment: askForLesson,
  },
  modals: {
    experiment: predicted,
  },
  selects: {
    look: lookAt,
  },
})

function variableOf({ options }: ChatInputCommandInteraction<'cached'>): ExperimentVariable {
  const asked = options.getString('variable', true)
  const variable = experimentVariables.find((each) => each === asked)
  if (!variable) throw new Error('Discord sent a variable that was not offered')
  return variable
}

/** The variable may not be given as an option, too. */
const options: APIApplicationCommandBasicOption[] = [
  {
    type: Option.String,
    name: 'variable',
    description: 'The one thing that changes',
    required: true,
    choices: variableChoices,
  },
  {
    type: Option.String,
    name: 'values',
    description: 'Two to nine values with commas between them (prompts: with | between them)',
    required: true,
    autocomplete: true,
  },
  { type: Option.String, name: 'prompt', description: 'What the pictures show, for example: a red heart' },
  {
    type: Option.String,
    name: 'picture',
    description: 'Takes everything else from a picture: "last", or the link of its message',
    autocomplete: true,
  },
  { type: Option.String, name: 'negative', description: 'What you do not want to see' },
  {
    type: Option.Integer,
    name: 'seed',
    description: 'A number for the noise that all of them begin with; left out: one is drawn for all',
    min_value: 0,
    max_value: MAX_SEED,
  },
  { type: Option.Integer, name: 'steps', description: 'How many steps from noise to picture', min_value: 1 },
  {
    type: Option.Number,
    name: 'cfg',
    description: 'Guidance: how closely the pictures follow the prompt',
    min_value: 0,
  },
  ...methodOptions,
  modelOption,
]
