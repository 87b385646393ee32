import type { Browser } from 'playwright-core'
import type { GateOpener } from '../harness/gate-opener.ts'
import { openKernelStage } from '../kernel/open-kernel-stage.ts'
import type { BrowserStage } from './browser-stage.ts'
import type { SeenScreen } from './seen-screen.ts'
import { surveyScreens } from './survey.ts'

/** Opens the ground of gate browser: a real Chromium before the throw-away platform of gate kernel, where that stands and was gone through already, and before one of its own otherwise. */
export const openBrowserStage: GateOpener<'browser'> = async (subject, options) => {
  let browser: Browser
  try {
    const { openBrowser } = await import('../testing/browser.ts')
    browser = await openBrowser()
  } catch (cause) {
    return { missing: `No browser could be started: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`, fix: 'Install it beside the harness: `npm install playwright-core @sparticuz/chromium`. Without it the other gates run by `--only`.', blame: 'machine' }
  }
  const borrowed = options.standing?.kernel
  const kernel = borrowed ?? await openKernelStage(subject, options).catch(async (error: unknown) => {
    await browser.close()
    throw error
  })
  if ('missing' in kernel) {
    await browser.close()
    return kernel
  }
  let screens: Promise<readonly SeenScreen[]> | undefined
  const ground: BrowserStage = {
    kernel: kernel.ground,
    screens() {
      if (screens === undefined) options.say('looking at every screen in a browser')
      return screens ??= surveyScreens(browser, kernel.ground, options.signal)
    },
  }
  return {
    ground,
    async close() {
      await screens?.catch(() => undefined) // told to who asked
      await browser.close()
      if (borrowed === undefined) await kernel.close()
    },
  }
}
