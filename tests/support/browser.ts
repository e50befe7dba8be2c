/** A real browser for tests of the page: CHROME_PATH, or a Chromium or Chrome on PATH. */
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

const isRunnable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Path of a browser, or undefined where there is none. */
export function findBrowser(): string | undefined {
  if (process.env['CHROME_PATH']) return process.env['CHROME_PATH']
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find(isRunnable)
}

/** Starts it so that it makes no requests of its own and no name but 127.0.0.1 resolves. */
export const launchBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  })

export type WatchedPage = {
  page: Page
  /** Addresses it asked for, WebSockets too, that are not below the classroom's. */
  left: string[]
  /** Exceptions and console errors. */
  problems: string[]
  close: () => Promise<void>
}

/** Opens the classroom's page in a fresh profile, once it shows a channel. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const left: string[] = []
  const problems: string[] = []
  const host = new URL(url).host
  const check = (address: string) => {
    const { protocol, host: asked } = new URL(address)
    if (!['data:', 'blob:'].includes(protocol) && asked !== host) left.push(address)
  }
  page.on('request', (request) => check(request.url()))
  page.on('websocket', (socket) => check(socket.url()))
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await page.goto(url)
  await page.getByRole('heading', { level: 1, name: 'studio' }).waitFor()
  return { page, left, problems, close: () => context.close() }
}
