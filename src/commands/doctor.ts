/** /doctor: looks at everything that draws and says what to mend; for instructors, in private. */
import { MessageFlags } from 'discord.js'
import { defineCommand } from '../discord/command.ts'
import { usualModel } from '../discord/classRules.ts'
import { mustBeInstructor } from '../discord/permissions.ts'
import { doctorInWords } from '../discord/render/doctor.ts'
import { renderNote } from '../discord/render/errors.ts'
import { toEdit, toPrivate } from '../discord/send.ts'
import type { Finding } from '../domain.ts'
import type { Services } from '../services/index.ts'

export default defineCommand({
  name: 'doctor',
  data: () => ({
    description: 'For instructors: looks at every machine that draws and says what to mend',
  }),
  async run(interaction, { services }) {
    const { guildId, member } = interaction
    mustBeInstructor(member, await services.settings.guild(guildId), 'can call the doctor')
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const report = await services.doctor.examine()
    const [first = '', ...more] = doctorInWords(report, await aboutClass(services, guildId))
    await interaction.editReply(toEdit(renderNote(first)))
    for (const page of more) await interaction.followUp(toPrivate(renderNote(page)))
  },
})

async function aboutClass(services: Services, guildId: string): Promise<Finding[]> {
  const { galleryChannelId, isPaused } = await services.settings.guild(guildId)
  const { model, problem } = await usualModel(services, guildId)
  return [
    galleryChannelId === undefined
      ? { ok: false, sentence: 'There is no gallery channel.', mend: 'Run /class setup.' }
      : { ok: true, sentence: 'The class has a gallery channel.' },
    model
      ? { ok: true, sentence: `When nobody names a model, "${model.id}" draws.` }
      : { ok: false, sentence: `Who names no model reads: ${problem}`, mend: 'Set one with /class model.' },
    isPaused
      ? { ok: false, sentence: 'The class is paused.', mend: 'Open it again with /class resume.' }
      : { ok: true, sentence: 'The class is open.' },
  ]
}
