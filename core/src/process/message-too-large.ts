/** What an outgoing message was refused for. Nothing of it was sent. */
export class MessageTooLarge extends Error {
  override readonly name = 'MessageTooLarge'
}
