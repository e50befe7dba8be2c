/**
 * Files of other people's messages between the press on a menu entry and the sending of its form: what Discord says of them then cannot
 * be asked again, because Darkroom does not read messages.
 */
import { UserError } from '../errors.ts'
import type { AttachedFile } from './attachments.ts'

/** A class has no more forms open at a time. */
const MOST = 200

const files = new Map<string, AttachedFile>()

export const heldFiles = {
  /** Until it is pushed out by many others or the bot ends. */
  hold(messageId: string, file: AttachedFile): void {
    files.delete(messageId)
    files.set(messageId, file)
    const [oldest] = files.keys()
    if (files.size > MOST && oldest !== undefined) files.delete(oldest)
  },
  /** It stays held: a form may be sent again after an error. @throws UserError not-found */
  take(messageId: string): AttachedFile {
    const file = files.get(messageId)
    if (file) return file
    throw new UserError(
      'not-found',
      'This form is too old; please open it once more from the menu of the message.',
    )
  },
}
