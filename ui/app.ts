/** Puts the page together: one state, one store of runs, views that draw both, panels that change the one. */
import { documentOf, keepAddress, libraryFor, openPacked, tellStrange, viewOf } from './address.ts'
import { Conductor } from './conductor.ts'
import { Crew } from './crew.ts'
import { byId } from './dom.ts'
import { keepCauses } from './facts/known-causes.ts'
import { showMain } from './first-paint.ts'
import { luckWords } from './facts/seed-words.ts'
import { actionsOf } from './actions.ts'
import { listenForHints } from './hint.ts'
import { yieldToHands } from './haste.ts'
import { Inspectors } from './inspector.ts'
import { listenToKeys, type Actions } from './keys.ts'
import { isFetching, withPart } from './lazy.ts'
import { entryNamed, loadLibrary } from './library.ts'
import { isPacked } from './pack.ts'
import { alertsPanel } from './panels/alerts.ts'
import { offlineChip } from './panels/offline-chip.ts'
import { reproductionChip } from './panels/share.ts'
import { SparkMaker } from './sparks.ts'
import { chainPanel } from './panels/chain.ts'
import { faultsPanel } from './panels/faults.ts'
import { headerPanel } from './panels/header.ts'
import { drawerStrip } from './panels/drawers.ts'
import { listenToSeeds, luckTabs } from './panels/luck.ts'
import { loadPanel } from './panels/load.ts'
import { modesPanel } from './panels/modes.ts'
import { rowTools } from './panels/row-menu.ts'
import { listenToDrops } from './panels/open-file.ts'
import type { Desk, Show } from './panels/panel.ts'
import { patternsPanel } from './panels/patterns.ts'
import { bigSwitch, sideTabs, tabBar } from './panels/phone.ts'
import { storyPanel } from './panels/story.ts'
import { transportPanel } from './panels/transport.ts'
import { troublePanel } from './panels/trouble.ts'
import { oldMarks } from './old-marks.ts'
import { workOffline } from './offline.ts'
import { listenToPictures } from './picture-edits.ts'
import { viewMenus } from './panels/view-menu.ts'
import { Pauser } from '../workers/pauser.ts'
import { Player } from './player.ts'
import { listenToRows } from './show-row.ts'
import { RunStore, type Runs } from './runs.ts'
import { initialState, isComputing, SIDES, type Document, type State } from './state.ts'
import { Seeds } from './seeds.ts'
import { Store } from './store.ts'
import { differenceOf } from './switches.ts'
import { onTheme } from './theme.ts'
import { storedResult } from './stored.ts'
import type { Stored } from './stored-run.ts'
import { readLink, type Link } from './url.ts'
import { Looking, stage } from './stage.ts'
import type { Choice } from './selection.ts'
import type { Setting } from './set-values.ts'
import type { RowHeights } from './draw/splitter.ts'
import type { View } from './view.ts'
import { percentileCurves } from './views/percentile-curves.ts'
import { requestView } from './views/request.ts'
import { scoreboard } from './views/scoreboard.ts'
import { seedsView } from './views/seeds.ts'
import { servicesNow } from './views/services-now.ts'
import { timeAxis } from './views/time-axis.ts'
import { topologies } from './views/topology.ts'
import { verdictLine } from './views/verdict-line.ts'
import { whatHappened } from './views/what-happened.ts'

const pictures = topologies()

/** Where each view is drawn: the id of its host in index.html. The rows of the stack are in `rows.ts`. */
const VIEWS: Readonly<Record<string, View>> = {
  verdict: verdictLine,
  'topology-a': pictures.A,
  'topology-b': pictures.B,
  axis: timeAxis,
  happened: whatHappened,
  scores: scoreboard,
  percentiles: percentileCurves,
  seeds: seedsView,
  services: servicesNow,
}

/** Starts the page. */
export async function start(): Promise<void> {
  const { hash } = location
  const link = readLink(hash)
  const crew = new Crew()
  crew.pool.warm(2)
  await libraryFor(link)
  const first = initialState(documentOf(link))
  const store = new Store<State>({ ...first, view: { ...first.view, ...viewOf(link) } })
  const runs = new RunStore()
  const conductor = new Conductor(store, runs, crew.pool, crew)
  const player = new Player(store, runs)
  const desk: Desk = { store, conductor }
  const pauser = new Pauser()
  yieldToHands(pauser)
  const seeds = new Seeds(store, runs, conductor, crew.pool, crew.pool.size, pauser)
  const inspectors = new Inspectors(store, pauser)
  listenForHints()
  let isOpen = !isPacked(link.scenario)
  const sparks = new SparkMaker(crew.pool)
  const actions = drawAll(runs, player, desk, {
    link,
    sparks,
    inspectors,
    isOpen: () => isOpen,
  })
  listenToDrops(conductor)
  listenToPictures(desk, () => player.now())
  listenToKeys(actions)
  byId('skip').addEventListener('click', (event) => {
    event.preventDefault()
    byId('cursor').focus()
  })
  listenToViews(store, player)
  listenToSeeds(seeds, desk, player)
  listenToRows(store)
  tellStrange(link)
  if (!isOpen) isOpen = await openPacked(link, store, conductor)
  keepAddress(store, conductor, hash)
  const { document } = store.get()
  const stored = await storedFor(document)
  if (stored && store.get().document === document) conductor.show(stored)
  else showMain()
  conductor.sync()
  whenFirstRunsAreOver(store, () => {
    workOffline()
    void withPart(loadLibrary, () => store.requestPaint())
  })
}

/** Does what can wait until nobody waits for the first picture any more. */
function whenFirstRunsAreOver(store: Store<State>, act: () => void): void {
  const stop = store.watch((state) => {
    if (isComputing(state) || SIDES.some((side) => state.progress[side].phase === 'waiting')) return
    stop()
    act()
  })
}

/** The stored result, when it is of this very document. */
async function storedFor({
  name,
  text,
  seed,
  set,
  switches,
}: Document): Promise<Stored | undefined> {
  const isAsInFile = [set, switches.A, switches.B].every((one) => Object.keys(one).length === 0)
  const isOurs = entryNamed(name)?.text === text
  return seed === undefined && isAsInFile && isOurs ? storedResult(name) : undefined
}

/** What panels are given beside the state. */
interface Surroundings {
  readonly link: Link
  readonly sparks: SparkMaker
  readonly inspectors: Inspectors
  /** Whether what the link asks for has been opened. */
  isOpen(): boolean
}

/**
 * Views and panels, brought up to date before every frame in which something has changed. Answers what the page can be
 * told to do.
 */
function drawAll(
  runs: RunStore,
  player: Player,
  desk: Desk,
  { link, sparks, inspectors, isOpen }: Surroundings,
): Actions {
  const { store } = desk
  const story = storyPanel(byId('story'), store, () => latest && luckWords(latest))
  const actions = actionsOf({ desk, player, story, sparks, runs: () => latest })
  luckTabs(byId('luck'))
  const drawn = stage({ ...VIEWS, request: requestView(inspectors) }, byId('rows'))
  const looking = new Looking()
  const shows: Show[] = [
    headerPanel(byId('header'), desk, actions, [
      alertsPanel(),
      reproductionChip(link, isOpen),
      offlineChip(),
    ]),
    modesPanel(byId('modes'), desk),
    rowTools(byId('row-tools'), desk),
    patternsPanel(byId('patterns'), desk),
    faultsPanel(byId('faults'), desk),
    loadPanel(byId('load'), desk),
    troublePanel(byId('trouble'), desk, actions),
    bigSwitch(byId('big-switch'), desk),
    sideTabs(byId('side-tabs'), desk),
    tabBar(byId('tabs'), desk),
    transportPanel(byId('transport'), player),
    drawerStrip(byId('left-strip'), byId('left'), 'left', desk),
    drawerStrip(byId('right-strip'), byId('right'), 'right', desk),
    story.show,
    chainPanel(byId('happened'), {
      inspectors,
      keep(run, links) {
        keepCauses(run, links)
        runs.touch()
        store.requestPaint()
      },
      repaint: () => store.requestPaint(),
    }),
    oldMarks(() => store.requestPaint()),
  ]
  let difference: Parameters<RunStore['view']>[1] = { patterns: [], values: [] }
  let known: Pick<State, 'opened' | 'document'> | undefined
  let latest: Runs | undefined
  const menus = viewMenus(() => {
    return latest && { drawings: drawn.drawings, runs: latest, time: player.now() }
  })
  store.subscribe((state) => {
    const { opened, document } = state
    if (opened && (known?.opened !== opened || known.document !== document)) {
      known = { opened, document }
      difference = differenceOf(opened, document)
      runs.touch()
    }
    const shown = runs.view(opened, difference)
    latest = shown
    const time = player.now()
    const isDrawn = drawn.draw(state, shown, looking.at(state, shown, time))
    const isComplete = isDrawn && !isFetching()
    if (isDrawn) runs.drewFor(drawn.took())
    for (const show of shows) show({ ...state, view: { ...state.view, time } }, shown)
    menus(drawn.drawings.keys())
    showDigests(state, isComplete)
    if (isComplete && (shown.A ?? shown.B)) showMain()
    if (!isComplete) store.requestPaint()
  })
  onTheme(() => {
    runs.touch()
    store.requestPaint()
  })
  return actions
}

/** Does what views ask for. */
function listenToViews(store: Store<State>, player: Player): void {
  document.addEventListener('seek', (event) => {
    player.pause()
    player.to((event as CustomEvent<number>).detail)
  })
  document.addEventListener('step', (event) => {
    player.pause()
    player.step((event as CustomEvent<number>).detail)
  })
  document.addEventListener('choose', (event) => {
    const { detail } = event as CustomEvent<Partial<Choice>>
    store.update((draft) => void Object.assign(draft.view, detail))
  })
  document.addEventListener('set-values', (event) => {
    const { label, values } = (event as CustomEvent<Setting>).detail
    store.edit(label, (draft) => void Object.assign(draft.set, values))
  })
  document.addEventListener('row-heights', (event) => {
    const { detail } = event as CustomEvent<RowHeights>
    store.update((draft) => void Object.assign(draft.view.heights, detail))
  })
  document.addEventListener('look', (event) => {
    // An event without a detail has `null` for it.
    const { detail } = event as CustomEvent<number | null>
    store.update((draft) => {
      draft.view.hover = detail ?? undefined
    })
  })
}

/** The digests of both runs on the body, for as long as both are complete and everything on the page is of them. */
function showDigests({ progress: { A, B } }: State, isComplete: boolean): void {
  const { dataset } = document.body
  const isDone = A.phase === 'done' && B.phase === 'done'
  const isSame = dataset['digestA'] === A.digest && dataset['digestB'] === B.digest
  if (A.digest && B.digest && isDone && (isComplete || isSame)) {
    dataset['digestA'] = A.digest
    dataset['digestB'] = B.digest
  } else {
    delete dataset['digestA']
    delete dataset['digestB']
  }
}
