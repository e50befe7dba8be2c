import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBrowser, launchBrowser, openPage } from '../support/browser.ts'
import { startDarkroom } from '../support/darkroom.ts'

const executable = findBrowser()
const NO_BROWSER = 'skipped: no Chromium or Chrome on PATH (set CHROME_PATH to try the page in a browser)'

describe('the page in a real browser', () => {
  let darkroom: Awaited<ReturnType<typeof startDarkroom>>
  let browser: Browser

  beforeAll(async () => {
    if (!executable) {
      process.stderr.write(`${NO_BROWSER}\n`)
      return
    }
    darkroom = await startDarkroom()
    browser = await launchBrowser(executable)
  })
  afterAll(async () => {
    await browser?.close()
    await darkroom?.close()
  })
  beforeEach((context) => {
    if (!executable) context.skip(NO_BROWSER)
  })

  it('makes a picture from a typed command, explains it, and asks no other machine', async () => {
    const { page, left, problems, close } = await openPage(browser, darkroom.classroom.url)
    await imagine(page, 'a red heart seed:7 steps:4')

    const message = await lastPicture(page, 'a red heart')
    const picture = message.getByRole('img').first()
    expect(await picture.getAttribute('alt')).toContain('a red heart')
    expect(await naturalWidth(picture)).toBeGreaterThan(0)
    expect(await message.textContent()).toContain('Ben used /imagine')

    await message.getByRole('button', { name: 'How was this made?' }).click()
    const note = page.getByRole('article').filter({ hasText: 'Only you can see this' }).last()
    await note.getByRole('img').nth(2).waitFor()
    expect(await naturalWidth(note.getByRole('img').nth(1))).toBeGreaterThan(0)

    expect(left).toEqual([])
    expect(problems).toEqual([])
    await close()
  })

  it('lists commands and options as they are typed, and says what is missing', async () => {
    const { page, close } = await openPage(browser, darkroom.classroom.url)
    await box(page).pressSequentially('/')
    await page.getByRole('option', { name: /^\/imagine/ }).waitFor()
    await page.keyboard.type('imag')
    await page.keyboard.press('Enter')
    const prompt = page.getByLabel('prompt', { exact: true })
    await prompt.waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: '“prompt” is needed' }).waitFor()
    await page.keyboard.type('a cat sampler:')
    await page.getByRole('option', { name: 'Euler a' }).first().click()
    expect(await prompt.inputValue()).toBe('a cat')
    expect(await page.getByLabel('sampler', { exact: true }).inputValue()).toContain('Euler a')
    await close()
  })

  it('keeps what is typed after a command whose options are all optional, and sends it only with Enter', async () => {
    const { page, close } = await openPage(browser, darkroom.classroom.url)
    await imagine(page, 'an apple seed:7 steps:2')
    await lastPicture(page, 'an apple')
    await box(page).pressSequentially('/remix prompt: a yellow lemon strength: only an echo')
    expect(await page.getByLabel('prompt', { exact: true }).inputValue()).toBe('a yellow lemon')
    expect(await page.getByLabel('strength', { exact: true }).inputValue()).toContain('only an echo')
    expect(await page.getByText('Ben used /remix').count()).toBe(0)
    await page.keyboard.press('Enter')
    await lastPicture(page, 'a yellow lemon')
    await box(page).pressSequentially('/remix a green pear')
    expect(await page.getByLabel('prompt', { exact: true }).inputValue()).toBe('a green pear')
    await close()
  })

  it('opens the form of a button and draws what was changed in it', async () => {
    const { page, close } = await openPage(browser, darkroom.classroom.url)
    await imagine(page, 'an apple steps:2')
    const message = await lastPicture(page, 'an apple')
    await message.getByRole('button', { name: 'Change' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('textbox').first().fill('a smiling cat')
    await form.getByRole('button', { name: 'Send' }).click()
    await lastPicture(page, 'a smiling cat')
    expect(await form.count()).toBe(0)
    await close()
  })

  it('shows a private answer to one person only, and anyone can be chosen', async () => {
    const { page, close } = await openPage(browser, darkroom.classroom.url)
    await imagine(page, 'a star steps:2')
    const message = await lastPicture(page, 'a star')
    await message.getByRole('button', { name: 'How was this made?' }).click()
    const note = page
      .getByRole('article')
      .filter({ hasText: 'Only you can see this' })
      .filter({ hasText: 'a star' })
    await note.waitFor()

    await choosePerson(page, 'Mei')
    await lastPicture(page, 'a star')
    await note.waitFor({ state: 'detached' })
    await choosePerson(page, 'Ben')
    await note.waitFor()
    await note.getByRole('button', { name: 'Dismiss' }).click()
    await note.waitFor({ state: 'detached' })
    expect(await page.getByRole('radio', { name: /Ida.*instructor/ }).count()).toBe(1)
    await close()
  })

  it('says so when the bot does not answer, and keeps on when the connection was lost', async () => {
    const { page, close } = await openPage(browser, darkroom.classroom.url)
    await page.context().setOffline(true)
    await imagine(page, 'a moon steps:2')
    await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).click()
    const message = await lastPicture(page, 'a moon')
    expect(await naturalWidth(message.getByRole('img').first())).toBeGreaterThan(0)
    await close()
  })

  it('shows what people type as text, never as markup', async () => {
    const { page, problems, close } = await openPage(browser, darkroom.classroom.url)
    await imagine(page, 'heart <img src=x onerror=alert(1)> steps:2')
    const message = await lastPicture(page, 'heart <img src=x onerror=alert(1)>')
    expect(await message.locator('img[src="x"]').count()).toBe(0)
    expect(problems).toEqual([])
    await close()
  })

  it('fits a phone: nothing is wider than the screen, and the channels are behind a button', async () => {
    const viewport = { width: 360, height: 740 }
    const { page, close } = await openPage(browser, darkroom.classroom.url, { viewport })
    await imagine(page, 'a house steps:2 count:2')
    const message = page.getByRole('article').filter({ hasText: 'a house' }).last()
    await message.getByRole('img').nth(1).waitFor()
    const widths = await page.evaluate(
      '[document.documentElement.scrollWidth, document.querySelector("#log").scrollWidth]',
    )
    expect(widths).toEqual([360, 360])
    await page.getByRole('button', { name: 'Channels and persons' }).click()
    await page.getByRole('button', { name: 'gallery' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'gallery' }).waitFor()
    await close()
  })
})

const box = (page: Page) => page.getByRole('combobox', { name: /Message box/ })

/** Types `/imagine` with words and options as a person would, and sends it. */
async function imagine(page: Page, words: string): Promise<void> {
  await box(page).pressSequentially(`/imagine ${words}`)
  await page.keyboard.press('Enter')
}

async function choosePerson(page: Page, name: string): Promise<void> {
  await page.locator('label', { has: page.getByRole('radio', { name: new RegExp(name) }) }).click()
  await page.getByRole('radio', { name: new RegExp(name), checked: true }).waitFor()
}

/** The finished message about a prompt: it has its buttons. */
async function lastPicture(page: Page, prompt: string) {
  const message = page
    .getByRole('article')
    .filter({ hasText: prompt })
    .filter({ has: page.getByRole('button', { name: 'How was this made?' }) })
    .last()
  await message.waitFor()
  return message
}

const naturalWidth = (image: ReturnType<Page['locator']>) =>
  image.evaluate<number, { decode(): Promise<void>; naturalWidth: number }>(async (node) => {
    await node.decode()
    return node.naturalWidth
  })
