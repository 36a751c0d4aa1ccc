// The test function of the browser tests: a server and a browser for each file,
// tabs for each test. A test passes only if no page logged an error and none
// asked another host for anything.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { test as base } from 'vitest'
import { Channel } from './channel.ts'
import { startServer } from './server.ts'

export const pictures = join(import.meta.dirname, '../../test-results')

export interface TabOptions extends BrowserContextOptions {
  // The network will be cut: what the browser itself says about that is no error.
  cuts?: boolean
  // Where its room may go on, beside where it is from.
  others?: readonly string[]
  // The page will write into its views: that it is told so is no error.
  spoils?: boolean
}

export interface Tab {
  readonly page: Page
  readonly channel: Channel
}

export type Open = (url: string, options?: TabOptions) => Promise<Tab>

export const phone: TabOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
}

export const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startServer()
    onCleanup(() => server.stop())
    return server.url
  })
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launch()
    onCleanup(() => browser.close())
    return browser
  })
  // open gives a tab of its own person: nothing is shared with other tabs.
  .extend('open', async ({ browser, task }, { onCleanup }) => {
    const tabs = new Tabs(browser)
    onCleanup(async () => {
      if (task.result?.state === 'fail') await tabs.photograph(task.name)
      await tabs.close()
    })
    return ((url, options = {}) => tabs.open(url, options)) satisfies Open as Open
  })

// picture keeps what a page shows, for people to look at.
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`) })
}

class Tabs {
  readonly #browser: Browser
  readonly #contexts: BrowserContext[] = []
  readonly #problems = new Set<string>()

  constructor(browser: Browser) {
    this.#browser = browser
  }

  async open(url: string, { cuts = false, spoils = false, others = [], ...options }: TabOptions): Promise<Tab> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    this.#contexts.push(context)
    context.setDefaultTimeout(20_000)
    context.on('page', (page) => this.#watch(page, [url, ...others].map((u) => new URL(u).host), cuts, spoils))
    const page = await context.newPage()
    const channel = new Channel(page)
    await page.goto(url)
    return { page, channel }
  }

  #watch(page: Page, hosts: readonly string[], cuts: boolean, spoils: boolean): void {
    const asked = (url: string) => {
      const u = new URL(url)
      const local = u.protocol === 'data:' || u.protocol === 'blob:'
      if (!local && !hosts.includes(u.host)) this.#problems.add(`asked another host: ${url}`)
    }
    page.on('request', (r) => asked(r.url()))
    page.on('websocket', (s) => asked(s.url()))
    page.on('pageerror', (e) => {
      if (!(spoils && e.message.endsWith('not as it was sent.'))) this.#problems.add(`uncaught: ${e.stack}`)
    })
    page.on('console', (m) => {
      const left = m.location().url.includes('/v1/play/') && m.text().includes('410') // said over a connection that the link has left
      const network = left || /net::ERR_|WebSocket connection to/.test(m.text())
      if (m.type() === 'error' && !(cuts && network)) this.#problems.add(`console: ${m.text()} (${m.location().url})`)
    })
  }

  async photograph(name: string): Promise<void> {
    const pages = this.#contexts.flatMap((c) => c.pages())
    for (const [i, page] of pages.entries()) await picture(page, `failed ${name} ${i}`)
  }

  async close(): Promise<void> {
    for (const c of this.#contexts) await c.close()
    if (this.#problems.size > 0) throw new Error([...this.#problems].slice(0, 10).join('\n'))
  }
}

function launch(): Promise<Browser> {
  const executablePath = (process.env['PATH'] ?? '')
    .split(':')
    .flatMap((dir) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(dir, name)))
    .find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error('no chromium, chromium-browser or google-chrome in PATH')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', // root may not have one
      '--disable-gpu',
      '--disable-dev-shm-usage', // small in containers
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // All tabs are watched by somebody, also those behind others.
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  })
}
