// Drawings: the page's own mark and one for each game. A game without one gets
// a plain ticket.

import { drawing } from './dom.ts'

/** The mark: a room with a tick in it. */
export const logo = (): Element =>
  drawing(`<svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"><path d="M5 26V7h22v19" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/><path d="M10.5 17l4.5 5 7-10" fill="none" stroke="var(--amber)" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`)

const emblems: Readonly<Record<string, string>> = {
  arena: `<path class="faint" d="M20 70a60 60 0 0 1 0-40M200 15a80 80 0 0 1 0 70M60 92h34M126 8h40"/><path d="M92 74l16-46 16 46-16-9z"/><path d="M166 40l-9-26 24 12z"/><path class="lit" d="M112 20l4-7M119 8l4-7M104 86v8M112 86v12"/>`,
  battleship: `<path class="faint" d="M20 8v84M50 8v84M80 8v84M110 8v84M140 8v84M170 8v84M200 8v84M10 20h200M10 50h200M10 80h200"/><rect x="54" y="25" width="82" height="20" rx="10"/><rect x="145" y="55" width="50" height="20" rx="10"/><path class="lit" d="M89 29l12 12M101 29l-12 12M29 59l12 12M41 59l-12 12"/>`,
  relay: `<path class="faint" d="M40 50h44M136 50h44M60 20l32 22M128 58l32 22M160 20l-32 22M92 58L60 80"/><circle cx="110" cy="50" r="16"/><circle cx="32" cy="50" r="7"/><circle cx="188" cy="50" r="7"/><circle cx="54" cy="15" r="6"/><circle cx="166" cy="85" r="6"/><circle cx="166" cy="15" r="6"/><circle cx="54" cy="85" r="6"/><path class="lit" d="M103 50l5 6 9-11"/>`,
}

const plain = `<path class="faint" d="M20 20h180M20 80h180"/><path d="M40 30h140v14a6 6 0 0 0 0 12v14H40V56a6 6 0 0 0 0-12z"/><path class="lit" d="M98 50l8 9 16-20"/>`

export const emblem = (game: string): Element =>
  drawing(`<svg class="emblem" viewBox="0 0 220 100" aria-hidden="true">${emblems[game] ?? plain}</svg>`)
