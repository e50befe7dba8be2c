/** The form of the button Remix and of the menu entry "Remix this picture". */
import {
  ComponentType,
  TextInputStyle,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APISelectMenuOption,
  type ModalSubmitInteraction,
} from 'discord.js'
import type { ModelInfo } from '../domain.ts'
import { UserError } from '../errors.ts'
import { priceInWords } from '../money.ts'
import type { RemixOptions } from './remix.ts'
import { plain, shorten } from './render/blocks.ts'
import { LONGEST_FIELD, textField } from './render/formFields.ts'
import { parseStrength, strengths } from './strength.ts'

/** Discord's limits: on the words of a choice, and on how many there are. */
const LONGEST_CHOICE = 100
const MOST_CHOICES = 25

/** Where a form begins; it is also what /remix does when nobody says. */
const USUAL_STRENGTH = 0.7

/** @param models those that can begin from a picture, the usual one first */
export function remixForm(
  customId: string,
  prompt: string,
  models: readonly ModelInfo[],
): APIModalInteractionResponseCallbackData {
  const longest = Math.min(LONGEST_FIELD, Math.max(...models.map((model) => model.maxPromptLength)))
  return {
    title: 'Remix this picture',
    custom_id: customId,
    components: [
      textField('Prompt', 'What the picture shall become.', {
        custom_id: 'prompt',
        style: TextInputStyle.Paragraph,
        ...(prompt === '' ? {} : { value: prompt.slice(0, longest) }),
        max_length: longest,
        required: true,
      }),
      menu(
        'Strength',
        'How much noise covers the picture before it is drawn over.',
        'strength',
        strengths.map(({ value, words }) => ({
          value: String(value),
          label: `${value}: ${words}`,
          default: value === USUAL_STRENGTH,
        })),
      ),
      textField('Negative prompt', 'What you do not want to see. May stay empty.', {
        custom_id: 'negative',
        max_length: Math.min(longest, 1000),
      }),
      textField('Seed', 'The same seed brings the same noise. Empty: a new one.', {
        custom_id: 'seed',
      }),
      menu(
        'Model',
        'Which model draws.',
        'model',
        models.slice(0, MOST_CHOICES).map((model, index) => ({
          value: model.id,
          label: shorten(`${model.title}: ${priceInWords(model.price)}`, LONGEST_CHOICE),
          description: shorten(model.description, LONGEST_CHOICE),
          default: index === 0,
        })),
      ),
    ],
  }
}

/** What was filled in. @throws UserError invalid-options */
export function readRemixForm({ fields }: Pick<ModalSubmitInteraction, 'fields'>): RemixOptions {
  const text = (id: string) => fields.getTextInputValue(id).trim() || undefined
  const [strength = ''] = fields.getStringSelectValues('strength')
  const [model] = fields.getStringSelectValues('model')
  return {
    prompt: text('prompt'),
    negative: text('negative'),
    seed: seedOf(text('seed')),
    strength: parseStrength(strength),
    model,
  }
}

function seedOf(typed: string | undefined): number | undefined {
  if (typed === undefined || /^-?\d+$/.test(typed)) return typed === undefined ? undefined : Number(typed)
  throw new UserError('invalid-options', `seed must be a whole number; you wrote “${plain(typed, 40)}”.`)
}

function menu(
  label: string,
  description: string,
  customId: string,
  options: APISelectMenuOption[],
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label,
    description,
    component: { type: ComponentType.StringSelect, custom_id: customId, options },
  }
}
