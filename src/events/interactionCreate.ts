/** A command, a button, a modal or a half-typed option. */
import { dispatch } from '../discord/dispatch.ts'
import { defineEvent } from '../discord/event.ts'

export default defineEvent({
  name: 'interactionCreate',
  run: (context, interaction) => dispatch(interaction, context),
})
