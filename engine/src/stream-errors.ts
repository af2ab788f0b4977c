// What can go wrong with the input stream, as classes: the loop, the API and `publish` decide by them; each says whether to try again.

/** The stream refuses: it is full of what nobody has carried out yet. Try again later; nothing was lost. */
export class StreamFull extends Error {
  override readonly name = 'StreamFull'
  readonly retry = true
}

/** The stream cannot be reached, or has not answered in time. The message may or may not be in it: try again with the same message id. */
export class StreamDown extends Error {
  override readonly name = 'StreamDown'
  readonly retry = true
}

/** The stream was deleted, and perhaps made again: positions mean nothing any more. Open it again and start at 1. */
export class StreamRecreated extends Error {
  override readonly name = 'StreamRecreated'
  readonly retry = false
}

/** The stream ends before the position that was carried out: the server has lost messages it had acknowledged. A person is needed. */
export class StreamRolledBack extends Error {
  override readonly name = 'StreamRolledBack'
  readonly retry = false
}

/** The stream refuses this message for good: too large, or a subject that is not its own. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused'
  readonly retry = false
}

/** The stream or its server is not as we need it; the message says what to change. */
export class StreamMisconfigured extends Error {
  override readonly name = 'StreamMisconfigured'
  readonly retry = false
}
