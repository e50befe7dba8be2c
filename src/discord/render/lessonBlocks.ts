/** Experiments and questions of a lesson in words and buttons. Pure. */
import { ButtonStyle, ComponentType, type APIButtonComponent, type APIContainerComponent } from 'discord.js'
import type { Experiment, ExperimentRecipe, Question } from '../../services/lessons/lesson.ts'
import { button, container, plain, text } from './blocks.ts'

/** What a phone shows of a button's label. */
const SHORT_LABEL = 34

const row = (buttons: APIButtonComponent[]) => ({
  type: ComponentType.ActionRow as const,
  components: buttons,
})

/** Custom id of the button: `experiment:<lessonSlug>/<experimentId>`. */
export function experimentCard(slug: string, experiment: Experiment): APIContainerComponent {
  return container('picture', [
    text(experimentInWords(experiment)),
    row([button(`experiment:${slug}/${experiment.id}`, 'Run this experiment', ButtonStyle.Primary)]),
  ])
}

export function experimentInWords({ title, variable, values, recipe, expect }: Experiment): string {
  const shown = values.map((value) => (typeof value === 'number' ? String(value) : plain(value, 200)))
  const { prompt, ...rest } = recipe
  const fixed = variable === 'prompt' ? rest : { prompt, ...rest }
  return [
    `### Try it: ${plain(title)}`,
    `**Changes:** ${optionNames[variable]}: ${shown.join(', ')}`,
    `**Stays the same:** ${fixedInWords(fixed)}`,
    `**What do you expect?** ${plain(expect)}`,
  ].join('\n')
}

const optionNames: Record<keyof ExperimentRecipe, string> = {
  prompt: 'prompt',
  negative: 'negative prompt',
  seed: 'seed',
  steps: 'steps',
  cfg: 'CFG',
  sampler: 'sampler',
  scheduler: 'scheduler',
  model: 'model',
  strength: 'strength',
  image: 'begins from the practice picture',
}

function fixedInWords(recipe: Partial<ExperimentRecipe>): string {
  const words = (Object.keys(optionNames) as (keyof ExperimentRecipe)[]).flatMap((name) => {
    const value = recipe[name]
    if (value === undefined) return []
    if (name === 'prompt') return [`“${plain(String(value))}”`]
    return [`${optionNames[name]} ${plain(String(value))}`]
  })
  return words.length === 0 ? 'everything else' : `${words.join(', ')}, and everything else`
}

/** Custom ids of the buttons: `answer:<lessonSlug>/<questionId>/<n>`. */
export function questionCard(slug: string, question: Question): APIContainerComponent {
  const isListed = hasLongAnswers(question)
  return container('working', [
    text(questionInWords(question)),
    row(
      question.answers.map((answer, n) =>
        button(`answer:${slug}/${question.id}/${n}`, isListed ? `Answer ${letter(n)}` : answer.text),
      ),
    ),
  ])
}

export function questionInWords(question: Question): string {
  const ask = `### Question\n${plain(question.ask)}`
  if (!hasLongAnswers(question)) return ask
  return [ask, ...question.answers.map((answer, n) => `**${letter(n)}** ${plain(answer.text)}`)].join('\n')
}

const hasLongAnswers = ({ answers }: Question): boolean =>
  answers.some(({ text }) => text.length > SHORT_LABEL)

const letter = (n: number): string => String.fromCodePoint(65 + n)

/** What a person reads in private after pressing an answer. */
export function feedbackInWords(question: Question, n: number): string {
  const answer = question.answers[n]
  if (!answer) return ''
  const chosen = `“${plain(answer.text)}”`
  const again = answer.isRight
    ? 'You may press the other answers too, to see what is said about them.'
    : 'You can try again: press another answer.'
  return `**${answer.isRight ? 'Right' : 'Not quite'}: ${chosen}**\n${answer.because}\n-# ${plain(question.ask)} ${again}`
}
