// Where the channel is: at the url it was begun at, until a server says that the
// room is elsewhere. Pure.

import { maxUrl } from './limits.ts'

/** Whether a link that began at one url may go on at another: a channel's, and no less secret. */
export function mayMove(first: string, url: string): boolean {
  try {
    const { protocol, hash } = new URL(url)
    const scheme = /^(?:ws|http)(s?):$/.exec(protocol + hash) // no socket takes a hash
    return !!scheme && url.length <= maxUrl && (scheme[1] !== '' || /^(ws|http):/.test(first))
  } catch {
    return false
  }
}
