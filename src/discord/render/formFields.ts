/** Fields of forms (modals). */
import { ComponentType, TextInputStyle, type APILabelComponent, type APITextInputComponent } from 'discord.js'

/** Discord's limit on a text field. */
export const LONGEST_FIELD = 4000
/** Long enough for every number. */
const LONGEST_NUMBER = 20

/** A text field with its words; unless `input` says otherwise, one line for a number that may be left empty. */
export function textField(
  label: string,
  description: string,
  input: Partial<APITextInputComponent> & { custom_id: string },
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label,
    description,
    component: {
      type: ComponentType.TextInput,
      style: TextInputStyle.Short,
      required: false,
      max_length: LONGEST_NUMBER,
      ...input,
    },
  }
}
