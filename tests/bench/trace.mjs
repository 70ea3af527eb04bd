/** What the main thread of the page does, in processor time: that does not depend on what else the machine does. */

/** @typedef {{ name: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args?: { name?: string, data?: { documentLoaderURL?: string } } }} TraceEvent */

const CATEGORIES = ['toplevel', 'devtools.timeline', 'blink.user_timing']

/**
 * Records while something is done, and sums up the tasks of the main thread of the page: processor time of all, of the
 * longest, and how many take more than 50 ms.
 *
 * @param {import('playwright').Browser} browser
 * @param {import('playwright').Page} page
 * @param {() => Promise<unknown>} act
 */
export async function mainThread(browser, page, act) {
  const session = await browser.newBrowserCDPSession()
  /** @type {TraceEvent[]} */
  const events = []
  session.on('Tracing.dataCollected', ({ value }) => {
    events.push(.../** @type {TraceEvent[]} */ (/** @type {unknown} */ (value)))
  })
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  const traceConfig = { includedCategories: CATEGORIES }
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig })
  await page.evaluate(() => performance.mark('faultline-bench'))
  await act()
  await page.evaluate(() => performance.mark('faultline-bench'))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  return summary(events)
}

/** @param {TraceEvent[]} events */
function summary(events) {
  const mark = events.findLast(({ name }) => name === 'faultline-bench')
  const tasks = events
    .filter(({ pid, tid }) => pid === mark?.pid && tid === mark.tid)
    .filter(({ name }) => name === 'ThreadControllerImpl::RunTask' || name === 'RunTask')
    .map(({ tdur = 0 }) => tdur / 1000)
  return {
    cpu: tasks.reduce((sum, one) => sum + one, 0),
    longestTask: Math.max(0, ...tasks),
    tasksOver50: tasks.filter((one) => one > 50).length,
  }
}
