// Elements in one call, and what every part of the page needs of them.

/** What takes a part of the page down again. */
export type Undo = () => void

export type Child = Node | string | false | null | undefined

type Listeners = { readonly [K in keyof HTMLElementEventMap]?: (e: HTMLElementEventMap[K]) => void }

/** Attributes by name (true is present, false and undefined absent); `on` listens; `id` and `testid` are hooks. */
interface Props {
  readonly on?: Listeners
  readonly testid?: string
  readonly [attribute: string]: string | number | boolean | undefined | Listeners
}

/** Makes an element. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  const { on, testid, ...attributes } = props
  if (testid !== undefined) element.dataset.testid = testid
  for (const [name, value] of Object.entries(attributes)) set(element, name, value as string | number | boolean | undefined)
  for (const [name, listener] of Object.entries(on ?? {})) element.addEventListener(name, listener as EventListener)
  element.append(...present(children))
  return element
}

function set(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === true) element.setAttribute(name, '')
  else if (value !== undefined && value !== false) element.setAttribute(name, String(value))
}

/** Replaces all that is in an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...present(children))
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((c) => c !== null && c !== undefined && c !== false)
}

/** A drawing that is written in this page's own source. */
export function drawing(markup: string): Element {
  const holder = document.createElement('template')
  holder.innerHTML = markup
  return holder.content.firstElementChild as Element
}

/** Runs a button's act: it is off and says so until the act is done; a failure goes to `failed`. */
export function act(button: HTMLButtonElement, run: () => Promise<void>, failed: (error: unknown) => void): void {
  if (button.getAttribute('aria-busy') === 'true') return
  button.setAttribute('aria-busy', 'true')
  run()
    .catch(failed)
    .finally(() => button.removeAttribute('aria-busy'))
}
