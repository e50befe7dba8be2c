/** Change: a form with the prompt and the main settings of the picture. */
import { TextInputStyle, type APILabelComponent, type ModalSubmitInteraction } from 'discord.js'
import { isDrawing, type Drawing, type ModelInfo, type Range } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import { definePictureAction } from '../pictureAction.ts'
import { countOf, mustBeDrawing, optionsOf } from '../pictureOptions.ts'
import { plain } from '../render/blocks.ts'
import { LONGEST_FIELD, textField } from '../render/formFields.ts'
import { startJob } from '../startJob.ts'

export default definePictureAction({
  name: 'change',
  order: 30,
  scope: 'job',
  fits: (_, picture) => isDrawing(picture),
  label: () => 'Change',
  async press(interaction, picture, { services }) {
    const drawing = mustBeDrawing(picture)
    const { model } = services.backends.find(drawing.recipe.model)
    await interaction.showModal({
      title: 'Change the picture',
      custom_id: `change:${picture.id}`,
      components: fieldsOf(drawing, model),
    })
  },
  async submit(interaction, picture, context) {
    const { services } = context
    const drawing = mustBeDrawing(picture)
    const { recipe } = drawing
    const seed = numberIn(interaction, 'seed', 'seed')
    const isSameNoise = seed === recipe.seed
    const request = await services.imagine.parse(
      {
        ...optionsOf(drawing, services),
        prompt: interaction.fields.getTextInputValue('prompt'),
        negative: interaction.fields.getTextInputValue('negative').trim() || undefined,
        steps: numberIn(interaction, 'steps', 'steps'),
        cfg: numberIn(interaction, 'cfg', 'cfg'),
        seed,
        variationSeed: isSameNoise ? recipe.variationSeed : undefined,
        variationStrength: isSameNoise ? recipe.variationStrength : undefined,
        count: countOf(picture, services),
      },
      interaction.guildId,
    )
    await startJob(interaction, request, context, [{ pictureId: picture.id, relation: 'change' }])
  },
})

function fieldsOf({ recipe }: Drawing, model: ModelInfo): APILabelComponent[] {
  const longest = Math.min(model.maxPromptLength, LONGEST_FIELD)
  const between = ({ min, max }: Range) => `A number from ${min} to ${max}.`
  return [
    textField('Prompt', 'What the picture shows.', {
      custom_id: 'prompt',
      style: TextInputStyle.Paragraph,
      value: recipe.prompt.slice(0, longest),
      max_length: longest,
      required: true,
    }),
    textField('Negative prompt', 'What you do not want to see. May stay empty.', {
      custom_id: 'negative',
      value: recipe.negativePrompt.slice(0, longest),
      max_length: longest,
    }),
    textField('Steps', between(model.steps), { custom_id: 'steps', value: String(recipe.steps) }),
    textField('Guidance (cfg)', `How closely it follows the prompt. ${between(model.cfgScale)}`, {
      custom_id: 'cfg',
      value: String(recipe.cfgScale),
    }),
    textField('Seed', 'The same seed begins from the same noise. Empty: a new one.', {
      custom_id: 'seed',
      value: String(recipe.seed),
    }),
  ]
}

/** The number in a field; undefined when it is empty. A decimal comma is understood. */
function numberIn(interaction: ModalSubmitInteraction, id: string, name: string): number | undefined {
  const typed = interaction.fields.getTextInputValue(id).trim()
  if (typed === '') return undefined
  const value = Number(typed.replace(',', '.'))
  if (!Number.isFinite(value)) {
    throw new UserError('invalid-options', `${name} must be a number; you wrote “${plain(typed, 40)}”.`)
  }
  return value
}
