/** The form that asks what a person expects before an experiment runs. Pure. */
import { ComponentType, TextInputStyle, type APIModalInteractionResponseCallbackData } from 'discord.js'
import type { Estimate, Experiment } from '../../domain.ts'
import { fixedInWords, valuesInWords, variableWords } from '../../experimentWords.ts'
import { dollars } from '../../money.ts'
import type { LeftToday } from '../leftToday.ts'
import { count, plain } from './blocks.ts'
import { textField } from './formFields.ts'
import { leftInWords } from './leftToday.ts'

/** Custom id of its field, whether it is written or chosen. */
export const PREDICTION = 'prediction'
const LONGEST_PREDICTION = 300

export type Asked = {
  experiment: Experiment
  /** Undefined when it is free. */
  estimate: Estimate | undefined
  /** Of the dollars only what costs some tells. */
  left?: LeftToday
  /** The lesson's own question, and answers to choose from; left out: the usual question, words of one's own. */
  expect?: string
  choices?: readonly string[] | undefined
}

export function predictionForm(
  customId: string,
  { experiment, estimate, left, expect, choices }: Asked,
): APIModalInteractionResponseCallbackData {
  const { variable, values } = experiment
  const cost = estimate ? `That costs about ${dollars(estimate.usd)}.` : 'That is free.'
  const rest = left && leftInWords(estimate ? left : { pictures: left.pictures })
  const about = [
    ...(expect === undefined ? [] : [`**${plain(expect, 300)}**`]),
    `Only this changes: **${variableWords[variable].name}** (${variableWords[variable].what}): ${plain(valuesInWords(experiment), 700)}.`,
    `The same in all: ${plain(fixedInWords(experiment), 700)}.`,
    `${count(values.length, 'picture')}, one after the other, as one request. ${cost}`.replace(
      /^./,
      (letter) => letter.toUpperCase(),
    ),
    ...(rest === undefined ? [] : [rest]),
  ]
  const label = 'What do you expect?'
  return {
    title: 'Before it runs',
    custom_id: customId,
    components: [
      { type: ComponentType.TextDisplay, content: about.join('\n') },
      choices
        ? {
            type: ComponentType.Label,
            label,
            description: 'Choose first, then see.',
            component: {
              type: ComponentType.RadioGroup,
              custom_id: PREDICTION,
              required: true,
              options: choices.map((choice) => ({ value: choice, label: choice })),
            },
          }
        : textField(label, 'One sentence; it stands beside the result.', {
            custom_id: PREDICTION,
            style: TextInputStyle.Paragraph,
            required: true,
            max_length: LONGEST_PREDICTION,
            placeholder: 'What will change from picture to picture, and what will stay?',
          }),
    ],
  }
}
