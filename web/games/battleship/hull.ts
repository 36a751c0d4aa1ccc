// What ships look like: seen from above, ten units of drawing to a cell, the bow
// to the right.

import { drawing } from '../../src/dom.ts'

export function hull(length: number): Element {
  const w = length * 10
  const turrets = Array.from({ length }, (_, i) => i * 10 + 5).map((x, i) =>
    i === Math.floor(length / 2)
      ? `<rect class="bridge" x="${x - 3.4}" y="3.1" width="6.8" height="3.8" rx="1.2"/>`
      : `<circle class="turret" cx="${x}" cy="5" r="1.5"/><path class="gun" d="M${x} 5h${i === 0 ? -3 : 3.2}"/>`)
  return drawing(`<svg viewBox="0 0 ${w} 10" preserveAspectRatio="none" aria-hidden="true">
    <path class="hull" d="M1.2 5C1.2 2.6 2.6 1.7 4.6 1.7H${w - 7}Q${w - 2.6} 2.2 ${w - 0.7} 5Q${w - 2.6} 7.8 ${w - 7} 8.3H4.6C2.6 8.3 1.2 7.4 1.2 5Z"/>
    ${turrets.join('')}</svg>`)
}
