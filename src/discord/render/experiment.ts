/** An experiment that was run: its contact sheet, what was expected and what happened; and one of its pictures alone. Pure. */
import { ComponentType, type APIMessageTopLevelComponent } from 'discord.js'
import type { Experiment, Picture } from '../../domain.ts'
import { fixedInWords, valueInWords, variableWords } from '../../experimentWords.ts'
import type { ExperimentResult } from '../../services/experiments.ts'
import {
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
import { button } from './blocks.ts'
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

/** The contact sheet lies in `files`; of the buttons only those for all pictures together fit under it. */
export function renderExperiment(
  finished: Finished,
  shown: FinishedExperiment,
  last: ReturnType<typeof text>[],
): View {
  const { job, pictures, files, actions } = finished
  const { experiment } = shown
  const { variable, values, prediction } = experiment
  const ofWords = variable === 'prompt' || variable === 'negative'
  const words = values.map((value) =>
    ofWords ? `“${plain(value, 80)}”` : plain(valueInWords(variable, value)),
  )
  const notes = [...new Set(pictures.flatMap((picture) => picture.notes))]
  const who = plain(job.asker.name, 60)
  return {
    components: [
      container('picture', [
        text(`**An experiment about the ${variableWords[variable].name}**: ${words.join(' · ')}`),
        gallery(files),
        ...(prediction ? [text(`**${who} expected:** ${plain(prediction, 500)}`)] : []),
        text(whatHappened(shown)),
        ...missingInWords(finished, shown),
        ...(prediction ? [text(`${who}, was it as you expected? What surprised you?`)] : []),
        smallText(`The same in all pictures: ${plain(fixedInWords(experiment), 900)}.`),
        ...(notes.length > 0 ? [smallText(notes.join(' '))] : []),
        ...last,
      ]),
      menu(job.id, experiment, pictures),
      ...deleteButton(pictures, actions),
    ],
    files: [...files],
  }
}

function whatHappened({ explain, general, measured }: FinishedExperiment): string {
  const said = `**What happened:** ${explain ?? general}`
  return measured.length === 0 ? said : `${said}\n**Measured in these pictures:** ${measured.join(' ')}`
}

function missingInWords({ job }: Finished, { experiment, missing }: FinishedExperiment) {
  if (missing.length === 0) return []
  const names = missing.map((value) => plain(valueInWords(experiment.variable, value), 60)).join(', ')
  return [text(`**Missing:** ${names}. ${job.failure ?? ''}`.trim())]
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
