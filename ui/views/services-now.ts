/** The services at the cursor, A beside B: the picture above as a table, for reading and for screen readers. */
import { el, setText, sideTag } from '../dom.ts'
import { GLYPH, serviceAt, type ServiceNow } from '../facts/health.ts'
import { count, moment, wholePercent } from '../format.ts'
import type { Cell, Table } from '../facts/table.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { SIDES } from '../state.ts'
import { drawing, type View } from '../view.ts'

const ROW = 17
const HEADER = 43
/** A list this long would push everything else off the screen. */
const MOST = 14

/** One line a service, in the order of the file, as many as there is room for. */
export const servicesNow: View = {
  create(host) {
    const when = el('small', {})
    const head = [
      el('th', { scope: 'col' }, 'Service'),
      ...SIDES.flatMap((side) => [
        el('th', { scope: 'col', colspan: 2 }, sideTag(side), ' busy, queue'),
      ]),
    ]
    const body = el('tbody')
    const table = el('table', { class: 'services' }, el('thead', {}, el('tr', {}, head)), body)
    const rest = el('p', { class: 'small' })
    host.replaceChildren(el('header', {}, el('h2', {}, 'Services'), when), table, rest)
    let lines: Line[] = []
    let shown = ''
    return drawing(host, {
      paint({ height }, { A, B }) {
        const all = (A ?? B)?.layout.services ?? []
        const room = Math.max(3, Math.min(MOST, Math.floor((height - HEADER) / ROW)))
        const isTight = all.length > room
        const key = `${room} ${all.map(({ name }) => name).join(' ')}`
        if (shown === key) return
        shown = key
        lines = all.slice(0, isTight ? room - 2 : room).map(({ name }) => lineOf(name))
        body.replaceChildren(...lines.map(({ row }) => row))
        setText(rest, isTight ? `and ${count(all.length - lines.length)} more` : '')
        rest.hidden = !isTight
      },
      seek(_, runs, { time }) {
        setText(when, `at ${moment(time)}`)
        for (const line of lines) fill(line, runs, time)
      },
      table: tableOf,
    })
  },
}

type Line = ReturnType<typeof lineOf>

function lineOf(name: string) {
  const cells = { A: [el('td'), el('td')], B: [el('td'), el('td')] } as const
  const head = el('th', { scope: 'row' }, name)
  return { name, cells, row: el('tr', {}, head, ...cells.A, ...cells.B) }
}

function fill({ name, cells }: Line, runs: Runs, time: number): void {
  for (const side of SIDES) {
    const now = stateOf(runs[side], name, time)
    const [busy, waiting] = cells[side]
    if (!now) continue
    const share = now.slots > 0 ? Math.min(1, now.busy / now.slots) : 0
    setText(busy, `${GLYPH[now.health]} ${wholePercent(share)}`)
    setText(waiting, now.waiting >= 0.5 ? count(now.waiting) : '–')
    if (busy.className !== now.health) {
      busy.className = now.health
      busy.setAttribute('aria-label', `${now.health}, ${wholePercent(share)} busy`)
    }
  }
}

function stateOf(run: VariantRun | undefined, name: string, time: number): ServiceNow | undefined {
  return run?.layout.services.some((service) => service.name === name)
    ? serviceAt(run, name, time)
    : undefined
}

/** All services, of the moment the cursor is at. */
function tableOf(runs: Runs, { time }: Selection): Table | undefined {
  const { services = [] } = (runs.A ?? runs.B)?.layout ?? {}
  if (services.length === 0) return undefined
  const troubled = SIDES.map((side) => {
    const states = services.map(({ name }) => stateOf(runs[side], name, time))
    return states.filter((now) => now !== undefined && now.health !== 'ok').length
  })
  const rows = services.map(({ name }): Cell[] => [
    name,
    ...SIDES.flatMap((side) => {
      const now = stateOf(runs[side], name, time)
      if (!now) return [undefined, undefined, undefined, undefined]
      return [now.health, now.busy, now.slots, now.waiting]
    }),
  ])
  const columns = SIDES.flatMap((side) =>
    ['state', 'busy (slots)', 'slots', 'waiting (calls)'].map((what) => `${side}: ${what}`),
  )
  const caption = `At ${moment(time)}, ${troubled[0]!} of ${services.length} services are in trouble in A, ${troubled[1]!} in B.`
  return { caption, columns: ['service', ...columns], rows }
}
