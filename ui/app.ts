/** Puts the page together: one state, one store of runs, views that draw both, panels that change the one. */
import { documentOf, keepAddress } from './address.ts'
import { Conductor } from './conductor.ts'
import { Crew } from './crew.ts'
import { byId } from './dom.ts'
import { listenToKeys, listenToUndo, type Act } from './keys.ts'
import { faultsPanel } from './panels/faults.ts'
import { headerPanel } from './panels/header.ts'
import { nextSeed } from './next-seed.ts'
import { openHelp } from './panels/help.ts'
import { listenToDrops } from './panels/open-file.ts'
import type { Desk, Show } from './panels/panel.ts'
import { patternsPanel, toggle } from './panels/patterns.ts'
import { bigSwitch, showSide, sideTabs, tabBar } from './panels/phone.ts'
import { storyButton } from './panels/story.ts'
import { transportPanel } from './panels/transport.ts'
import { troublePanel } from './panels/trouble.ts'
import { Player } from './player.ts'
import { RunStore, type Runs, type VariantRun } from './runs.ts'
import { initialState, isComputing, SIDES, type State } from './state.ts'
import { Store } from './store.ts'
import { differenceOf } from './switches.ts'
import { onTheme } from './theme.ts'
import { readLink } from './url.ts'
import { Looking, stage } from './stage.ts'
import type { Choice } from './selection.ts'
import type { View } from './view.ts'
import { percentileCurves } from './views/percentile-curves.ts'
import { scoreboard } from './views/scoreboard.ts'
import { servicesNow } from './views/services-now.ts'
import { timeAxis } from './views/time-axis.ts'
import { topology } from './views/topology.ts'
import { verdictLine } from './views/verdict-line.ts'
import { whatHappened } from './views/what-happened.ts'

/** Where each view is drawn: the id of its host in index.html. The rows of the stack are in `rows.ts`. */
const VIEWS: Readonly<Record<string, View>> = {
  verdict: verdictLine,
  'topology-a': topology('A'),
  'topology-b': topology('B'),
  axis: timeAxis,
  happened: whatHappened,
  scores: scoreboard,
  percentiles: percentileCurves,
  services: servicesNow,
}

/** Starts the page. */
export function start(): void {
  const link = readLink(location.hash)
  const first = initialState(documentOf(link))
  const { time, mode = 'compare' } = link
  const store = new Store<State>({ ...first, view: { ...first.view, time, mode } })
  const runs = new RunStore()
  const crew = new Crew()
  crew.pool.warm(2)
  const conductor = new Conductor(store, runs, crew.pool, crew)
  const player = new Player(store, runs)
  const desk: Desk = { store, conductor }
  drawAll(store, runs, player, desk)
  keepAddress(store, conductor)
  listenToDrops(conductor)
  listenToKeys((act, steps) => obey(act, steps, player, desk))
  listenToUndo(
    () => store.undo(),
    () => store.redo(),
  )
  byId('skip').addEventListener('click', (event) => {
    event.preventDefault()
    byId('cursor').focus()
  })
  listenToViews(store, player)
  conductor.sync()
}

/** Views and panels, brought up to date before every frame in which something has changed. */
function drawAll(store: Store<State>, runs: RunStore, player: Player, desk: Desk): void {
  const drawn = stage(VIEWS, byId('rows'))
  const looking = new Looking()
  const shows: Show[] = [
    headerPanel(byId('header'), desk),
    patternsPanel(byId('patterns'), desk),
    faultsPanel(byId('faults'), desk),
    troublePanel(byId('trouble'), desk),
    bigSwitch(byId('big-switch'), desk),
    sideTabs(byId('side-tabs'), desk),
    tabBar(byId('tabs'), desk),
    transportPanel(byId('transport'), player),
    storyButton(byId('story'), player),
    markOld,
    showDigests,
  ]
  let difference: Parameters<RunStore['view']>[1] = { patterns: [], values: [] }
  let known: Pick<State, 'opened' | 'document'> | undefined
  let revision = -1
  store.subscribe((state) => {
    const { opened, document } = state
    if (opened && (known?.opened !== opened || known.document !== document)) {
      known = { opened, document }
      difference = differenceOf(opened, document)
      runs.touch()
    }
    const shown = runs.view(opened, difference)
    const time = player.now()
    const begun = performance.now()
    drawn.draw(state, shown, looking.at(state, shown, time))
    if (shown.revision !== revision) runs.drewFor(performance.now() - begun)
    revision = shown.revision
    for (const show of shows) show({ ...state, view: { ...state.view, time } }, shown)
  })
  onTheme(() => {
    runs.touch()
    store.requestPaint()
  })
}

/** Does what views ask for. */
function listenToViews(store: Store<State>, player: Player): void {
  document.addEventListener('seek', (event) => {
    player.pause()
    player.to((event as CustomEvent<number>).detail)
  })
  document.addEventListener('choose', (event) => {
    const { detail } = event as CustomEvent<Partial<Choice>>
    store.update((draft) => void Object.assign(draft.view, detail))
  })
  document.addEventListener('look', (event) => {
    const { detail } = event as CustomEvent<number | undefined>
    store.update((draft) => {
      draft.view.hover = detail
    })
  })
}

/** Marks what still shows a result from before the last change. */
function markOld(state: State, runs: Runs): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-of]')) {
    const { of = '', at } = element.dataset
    const isOld = SIDES.filter((side) => of.includes(side)).some(
      (side) => state.progress[side].isOld || (at === 'cursor' && isAhead(state, runs[side])),
    )
    element.classList.toggle('old', isOld)
  }
  document.body.dataset['state'] = isComputing(state) ? 'computing' : 'ready'
}

/** Whether the cursor is where the run has not come to yet. */
function isAhead({ view }: State, run: VariantRun | undefined): boolean {
  return run !== undefined && !run.isDone && (view.time ?? 0) >= run.filled * run.layout.bucket
}

/** The digests of both runs on the body, for as long as both are complete and everything on the page is of them. */
function showDigests({ progress: { A, B } }: State): void {
  const { dataset } = document.body
  if (A.digest && B.digest && A.phase === 'done' && B.phase === 'done') {
    dataset['digestA'] = A.digest
    dataset['digestB'] = B.digest
  } else {
    delete dataset['digestA']
    delete dataset['digestB']
  }
}

function obey(act: Act, steps: number, player: Player, desk: Desk): void {
  const { store, conductor } = desk
  switch (act) {
    case 'play':
      return player.toggle()
    case 'back':
      return player.step(-steps)
    case 'forward':
      return player.step(steps)
    case 'start':
      return player.to(0)
    case 'end':
      return player.to(Infinity)
    case 'toggle':
      return toggleDifference(desk)
    case 'swap':
      return showSide(store, store.get().view.side === 'A' ? 'B' : 'A')
    case 'next-seed':
      return store.edit('next seed', (draft) => {
        draft.seed = nextSeed(draft.seed ?? store.get().opened?.scenario.seed ?? '1')
      })
    case 'cancel':
      return conductor.cancel()
    case 'help':
      return openHelp()
  }
}

/** Switches in B the pattern that differs, or the one that was switched last. */
function toggleDifference(desk: Desk): void {
  const { opened, document } = desk.store.get()
  if (!opened) return
  const [first] = differenceOf(opened, document).patterns
  const last = Object.keys(document.switches.B).at(-1)
  const id = first?.attachment.id ?? last
  if (id !== undefined) toggle(id, 'B', desk)
}
