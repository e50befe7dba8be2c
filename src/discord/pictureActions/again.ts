/** Again: the same recipe with a new seed. */
import { definePictureAction } from '../pictureAction.ts'
import { countOf, optionsOf } from '../pictureOptions.ts'
import { startJob } from '../startJob.ts'

export default definePictureAction({
  name: 'again',
  order: 10,
  scope: 'job',
  label: () => 'Again',
  async press(interaction, picture, context) {
    const { services } = context
    // No seed given: a new one is drawn.
    const request = await services.imagine.parse(
      { ...optionsOf(picture, services), count: countOf(picture, services) },
      interaction.guildId,
    )
    await startJob(interaction, request, context, picture.id)
  },
})
