import { el } from '../dom.js'

/** Buttons side by side, or one select. */
export function actionRow(component, context) {
  return el(
    'div',
    { class: 'actions' },
    ...component.components.map((child) => context.render(child, context)),
  )
}
