/** /status: what is up, how long it takes and what is left to spend, for everyone, in private. */
import { defineCommand } from '../discord/command.ts'
import { leftToday } from '../discord/leftToday.ts'
import { usualModel } from '../discord/classRules.ts'
import { renderNote } from '../discord/render/errors.ts'
import { statusInWords } from '../discord/render/status.ts'
import { toPrivate } from '../discord/send.ts'
import type { Services } from '../services/index.ts'

export default defineCommand({
  name: 'status',
  data: () => ({
    description: 'What is up, how many wait, how long it takes and what is left to spend today',
  }),
  async run(interaction, { services }) {
    const { guildId, user } = interaction
    const { backends, queue, settings, stats } = services
    const rules = await settings.guild(guildId)
    const models = backends.models()
    const left = await leftToday(services, guildId, user.id)
    const mine = queue.line(guildId, 0, user.id).jobs.find((each) => each.place !== undefined)
    const place = mine?.place
    const status = statusInWords({
      isPaused: rules.isPaused ?? false,
      usual: (await usualModel(services, guildId)).model?.id,
      models: models.map((model) => ({
        model,
        isUp: backends.isUp(model.id),
        isAside: isAside(services, model.id),
        waiting: stats.waiting(model.id),
        typical: stats.typicalSeconds(model.id),
      })),
      left: models.some(({ price }) => price) ? left.usd : undefined,
      picturesLeft: left.pictures,
      mine: place === undefined ? undefined : { place, secondsLeft: mine?.secondsLeft },
    })
    await interaction.reply(toPrivate(renderNote(status)))
  },
})

/** Every machine that can be reached and offers the model is given a rest after a failure. */
function isAside({ backends, queue }: Services, modelId: string): boolean {
  const offering = backends
    .all()
    .filter((backend) => (backend.isUp?.() ?? true) && backend.models().some(({ id }) => id === modelId))
  return offering.length > 0 && offering.every(({ id }) => queue.asideUntil(id) !== undefined)
}
