/** The shape of a button under any picture. One file in pictureActions/ each; the folder is the registry. */
import type { ButtonInteraction, ButtonStyle, ModalSubmitInteraction } from 'discord.js'
import type { ModelInfo, Picture } from '../domain.ts'
import type { BotContext } from './context.ts'

export type PictureAction = {
  /** First part of the button's custom id: `name:<pictureId>`. Never change it: buttons in old messages carry it. */
  name: string
  /** Place among the buttons, small first. */
  order: number
  /** Under several pictures: one button for each of them, or one for all. */
  scope: 'picture' | 'job'
  /** What the button says; `n` counts from 1 and is given under several pictures. */
  label: (n?: number) => string
  /** Whether a picture gets the button; `model` is undefined when it is not there now. Absent: always. */
  fits?: (model: ModelInfo | undefined, picture: Picture) => boolean
  style?: ButtonStyle.Primary | ButtonStyle.Secondary | ButtonStyle.Success | ButtonStyle.Danger
  /** `detail` is the third part of the custom id, for the action's own further buttons. */
  press(
    interaction: ButtonInteraction<'cached'>,
    picture: Picture,
    context: BotContext,
    detail: string | undefined,
  ): Promise<void>
  /** Called with a modal whose custom id is `name:<pictureId>`. */
  submit?(interaction: ModalSubmitInteraction<'cached'>, picture: Picture, context: BotContext): Promise<void>
}

/** Types the default export of a file in pictureActions/. */
export const definePictureAction = (action: PictureAction): PictureAction => action
