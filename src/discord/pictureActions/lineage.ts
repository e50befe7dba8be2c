/** Lineage: where the picture came from and what was made from it. Always there: children may come later. */
import { definePictureAction } from '../pictureAction.ts'
import { SHARE, showLineage } from '../showLineage.ts'

export default definePictureAction({
  name: 'lineage',
  order: 50,
  // Pictures of one command are one generation of the same family.
  scope: 'job',
  label: () => 'Lineage',
  press: (interaction, picture, context, detail) =>
    showLineage(interaction, picture, context, detail === SHARE),
})
