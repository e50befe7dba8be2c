/** Vary: the same picture with a little of another noise, AUTOMATIC1111's variation seed. */
import { isDrawing } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import { definePictureAction } from '../pictureAction.ts'
import { mustBeDrawing, optionsOf, randomSeed } from '../pictureOptions.ts'
import { startJob } from '../startJob.ts'

/** Enough to see a difference, little enough to know the picture again. */
const STRENGTH = 0.3

export default definePictureAction({
  name: 'vary',
  order: 20,
  scope: 'picture',
  fits: (model, picture) => isDrawing(picture) && model?.supports.variation !== false,
  label: (n) => (n === undefined ? 'Vary' : `Vary ${n}`),
  async press(interaction, picture, context) {
    const { services } = context
    const drawing = mustBeDrawing(picture)
    const { model } = services.backends.find(drawing.recipe.model)
    if (!model.supports.variation) {
      throw new UserError('not-allowed', `${model.title} cannot vary a picture; please use Again or Change.`)
    }
    const request = await services.imagine.parse(
      {
        ...optionsOf(drawing, services),
        count: 1,
        seed: drawing.recipe.seed,
        variationSeed: randomSeed(),
        variationStrength: STRENGTH,
      },
      interaction.guildId,
    )
    await startJob(interaction, request, context, [{ pictureId: picture.id, relation: 'vary' }])
  },
})
