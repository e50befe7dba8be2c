/** Remix: a form, then a new picture that begins from this one. */
import { isDrawing } from '../../domain.ts'
import { definePictureAction } from '../pictureAction.ts'
import { startRemix, remixModels } from '../remix.ts'
import { readRemixForm, remixForm } from '../remixForm.ts'

export default definePictureAction({
  name: 'remix',
  order: 35,
  scope: 'picture',
  label: (n) => (n === undefined ? 'Remix' : `Remix ${n}`),
  async press(interaction, picture, { services }) {
    const models = await remixModels(services, interaction.guildId)
    const prompt = isDrawing(picture) ? picture.recipe.prompt : ''
    await interaction.showModal(remixForm(`remix:${picture.id}`, prompt, models))
  },
  async submit(interaction, picture, context) {
    await startRemix(interaction, context, { picture }, readRemixForm(interaction))
  },
})
