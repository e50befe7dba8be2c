/** Again: the same recipe with a new seed. */
import { isDrawing } from '../../domain.ts'
import { definePictureAction } from '../pictureAction.ts'
import { countOf, mustBeDrawing, optionsOf } from '../pictureOptions.ts'
import { startJob } from '../startJob.ts'

export default definePictureAction({
  name: 'again',
  order: 10,
  scope: 'job',
  fits: (_, picture) => isDrawing(picture),
  label: () => 'Again',
  async press(interaction, picture, context) {
    const { services } = context
    // No seed given: a new one is drawn.
    const request = await services.imagine.parse(
      { ...optionsOf(mustBeDrawing(picture), services), count: countOf(picture, services) },
      interaction.guildId,
    )
    await startJob(interaction, request, context, [{ pictureId: picture.id, relation: 'again' }])
  },
})
