// What a person does with the page, in the page's own words.

import type { Locator, Page } from 'playwright-core'

export const game = (page: Page): Locator => page.getByTestId('game')

export async function callMe(page: Page, name: string): Promise<void> {
  await page.getByTestId('name').fill(name)
  await page.getByTestId('name').blur()
}

/** Quick play, until the game is on the screen. */
export async function quickPlay(page: Page, name: string): Promise<void> {
  await page.getByTestId(`quick-${name}`).click()
  await onScreen(page)
}

export interface NewRoom {
  readonly private?: boolean
  readonly options?: Readonly<Record<string, number>>
}

/** A room with the options as given, until the game is on the screen. */
export async function openRoom(page: Page, name: string, room: NewRoom = {}): Promise<void> {
  await page.getByTestId(`new-${name}`).click()
  await page.getByTestId('private').setChecked(room.private ?? false)
  for (const [option, value] of Object.entries(room.options ?? {})) {
    await page.getByTestId(`option-${option}`).fill(String(value))
  }
  await page.getByTestId('create').click()
  await onScreen(page)
}

/** The room that somebody's address names, from the list of open rooms. */
export async function joinFromList(page: Page, host: Page): Promise<void> {
  const id = new URL(host.url()).searchParams.get('room')
  await page.locator(`[data-testid=room][data-room="${id}"]`).getByTestId('join-room').click()
  await onScreen(page)
}

/** Until the page is connected and a renderer has drawn into the game. */
export async function onScreen(page: Page): Promise<void> {
  await game(page).locator('> :not(.nothing)').first().waitFor() // that says the page has no renderer
  await page.getByTestId('cover').waitFor({ state: 'hidden' })
}

/** Until the cover is all there: a short drop is over before it is. */
export async function covered(page: Page): Promise<void> {
  const cover = page.getByTestId('cover')
  await cover.waitFor()
  await cover.evaluate((c) => Promise.all(c.getAnimations().map((a) => a.finished)))
}

/** Names on the list of who is here, with how they are. */
export function members(page: Page): Promise<{ name: string; state: string }[]> {
  return page.getByTestId('member').evaluateAll((lines) =>
    lines.map((line) => ({
      name: line.querySelector('.name')?.textContent ?? '',
      state: (line as HTMLElement).dataset['state'] ?? '',
    })),
  )
}

/** Somebody's place on the board that is shown. */
export function placeOf(page: Page, name: string): Promise<string> {
  return page.getByTestId('standings').locator('tr', { hasText: name }).locator('td').first().innerText()
}
