/** An experiment that was run: its contact sheet, what was expected and what happened; and one of its pictures alone. Pure. */
import { ComponentType, type APIMessageTopLevelComponent } from 'discord.js'
import type { Experiment, Picture } from '../../domain.ts'
import { valueInWords, variableWords } from '../../experimentWords.ts'
import { stepsInOne } from '../../services/effectiveSteps.ts'
import type { ExperimentResult } from '../../services/experiments.ts'
import {
  button,
  container,
  gallery,
  plain,
  rows,
  shorten,
  smallText,
  text,
  type Upload,
  type View,
} from './blocks.ts'
import { pictureButtons, type ButtonOfAction } from './pictureButtons.ts'
import { recipeInWords } from './recipeInWords.ts'
import type { Finished } from './result.ts'

/** What the message about an experiment shows beside what every message about pictures does. */
export type FinishedExperiment = Omit<ExperimentResult, 'sheet' | 'alt'> & {
  experiment: Experiment
  /** What the lesson says that happened; undefined for an experiment of one's own. */
  explain: string | undefined
}

/** Custom id of the menu that shows one picture of a job. */
const LOOK = 'look'
/** Discord's limit on the label of an option. */
const LONGEST_OPTION = 100
/** Of Discord's 4000 characters for all texts of a message; the rest is for a mention. */
const TEXT_ROOM = 3900
const LEAST_ROOM = 40

/** The contact sheet lies in `files`; of the buttons only those for all pictures together fit under it. */
export function renderExperiment(
  finished: Finished,
  shown: FinishedExperiment,
  last: ReturnType<typeof text>[],
): View {
  const { job, pictures, files, actions } = finished
  const { experiment } = shown
  const { prediction } = experiment
  const who = plain(job.asker.name, 60)
  const expected = prediction ? `**${who} expected:** ${plain(prediction, 300)}` : ''
  // What matters most takes its room first.
  const room = roomFor(last)
  const happened = room(whatHappened(shown))
  const expectation = room(expected)
  const title = room(heading(experiment))
  const missing = room(missingInWords(finished, shown))
  const asks = prediction ? room(`${who}, was it as you expected? What surprised you?`) : []
  const fixed = room(`-# The same in all pictures: ${plain(shown.fixed, 900)}.`)
  const notes = room(notesInWords(experiment, pictures))
  return {
    components: [
      container('picture', [
        ...title,
        gallery(files),
        ...expectation,
        ...happened,
        ...missing,
        ...asks,
        ...fixed,
        ...notes,
        ...last,
      ]),
      menu(job.id, experiment, pictures),
      ...deleteButton(pictures, actions),
    ],
    files: [...files],
  }
}

/** Texts as long as the message has room for them; those that are empty or find none are left out. */
function roomFor(last: readonly ReturnType<typeof text>[]) {
  let left = TEXT_ROOM - last.reduce((sum, { content }) => sum + content.length, 0)
  return (words: string) => {
    if (words === '' || left < LEAST_ROOM) return []
    const block = text(shorten(words, left))
    left -= block.content.length
    return [block]
  }
}

function heading({ variable, values }: Experiment): string {
  const ofWords = variable === 'prompt' || variable === 'negative'
  const words = values.map((value) =>
    value === '' ? 'nothing' : ofWords ? `“${plain(value, 80)}”` : plain(valueInWords(variable, value)),
  )
  return `**An experiment about the ${variableWords[variable].name}**: ${words.join(' · ')}`
}

/** What holds for all pictures once; what holds for some of them with their value, unless it is named already. */
function notesInWords({ variable, values }: Experiment, pictures: readonly Picture[]): string {
  const all = [...new Set(pictures.flatMap(({ notes }) => notes))]
  const common = all.filter((note) => pictures.every(({ notes }) => notes.includes(note)))
  const own = pictures.flatMap(({ index, notes }) => {
    const value = valueInWords(variable, values[index] ?? '')
    return notes
      .filter((note) => !common.includes(note))
      .map((note) => (note.includes(value) ? note : `${plain(value, 60)}: ${note}`))
  })
  return all.length === 0 ? '' : `-# ${[...common, ...stepsInOne(own)].join(' ').replaceAll('\n', ' ')}`
}

function whatHappened({ explain, general, measured, careful }: FinishedExperiment): string {
  return [
    `**What happened:** ${explain ?? general}`,
    ...(careful === undefined ? [] : [`**Careful:** ${careful}`]),
    ...(measured.length === 0 ? [] : [`**Measured in these pictures:** ${measured.join(' ')}`]),
  ].join('\n')
}

function missingInWords({ job }: Finished, { experiment, missing }: FinishedExperiment): string {
  if (missing.length === 0) return ''
  const names = missing.map((value) => plain(valueInWords(experiment.variable, value), 60)).join(', ')
  return `**Missing:** ${names}. ${job.failure ?? ''}`.trim()
}

function menu(
  jobId: string,
  { variable, values }: Experiment,
  pictures: readonly Picture[],
): APIMessageTopLevelComponent {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: `${LOOK}:${jobId}`,
        placeholder: 'Look at one picture',
        options: pictures.map(({ id, index }) => ({
          value: id,
          label: shorten(`${index + 1}: ${valueInWords(variable, values[index] ?? '')}`, LONGEST_OPTION),
        })),
      },
    ],
  }
}

function deleteButton(pictures: readonly Picture[], actions: readonly ButtonOfAction[]) {
  const [first] = pictures
  const action = actions.find(({ name }) => name === 'delete')
  if (!first || !action) return []
  return rows([button(`${action.name}:${first.id}`, action.label(), action.style)])
}

/** One picture of an experiment, with the usual buttons except Delete, which is about all of them. */
export function renderLook(
  picture: Picture,
  file: Upload,
  experiment: Experiment | undefined,
  actions: readonly ButtonOfAction[],
): View {
  const { recipe } = picture
  const value = experiment && valueInWords(experiment.variable, experiment.values[picture.index] ?? '')
  return {
    components: [
      container('picture', [
        ...(value === undefined ? [] : [text(`**${plain(value, 200)}**`)]),
        gallery([file]),
        ...('kind' in recipe ? [] : [text(`“${plain(recipe.prompt)}” ${recipeInWords(recipe)}`)]),
        smallText(
          `One picture of an experiment by **${plain(picture.author.name, 60)}**, drawn by a machine`,
        ),
      ]),
      ...pictureButtons(
        [picture],
        actions.filter(({ name }) => name !== 'delete'),
      ),
    ],
    files: [file],
  }
}
