// Why an act was not answered with "done".

/** The server refused: its code for programs, its sentence for people. Nothing was changed. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: string

  constructor(code: string, text: string) {
    super(text)
    this.code = code
  }
}

const texts = {
  lost: 'The answer was lost with the connection. Nobody knows whether it was done.',
  expired: 'The server could not be reached in time.',
  full: 'Too much is waiting for an answer already.',
  closed: 'The room is closed.',
} as const

/**
 * The act got no answer, and by its code:
 *
 *   - lost: it, or what was asked before it, was on its way when the server
 *     forgot the conversation or the room closed. It may have been done or not.
 *   - expired: its timeout passed before it arrived. It was not done.
 *   - full: too many wait already. It was not done.
 *   - closed: the room closed before it was sent. It was not done.
 */
export class Unanswered extends Error {
  override name = 'Unanswered'
  readonly code: keyof typeof texts

  constructor(code: keyof typeof texts) {
    super(texts[code])
    this.code = code
  }
}
