/** A request of the page that is refused; the message is a sentence for the person. */
export class PageError extends Error {
  override readonly name = 'PageError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
