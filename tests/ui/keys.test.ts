import { describe, expect, it } from 'vitest'
import { fitOf, fuzzy } from '../../ui/fuzzy.ts'
import { KEYS, keyOf, type Press } from '../../ui/keys.ts'

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }
const press = (code: string, key: string, more: Partial<Press> = {}): Press => ({
  ...plain,
  code,
  key,
  ...more,
})
const act = (pressed: Press, letters = true): string | undefined => keyOf(pressed, letters)?.act

describe('keys', () => {
  it('mean one thing each', () => {
    const chords = KEYS.filter(({ code, key }) => code ?? key).flatMap((one) =>
      (one.shift === undefined ? [true, false] : [one.shift]).map((shift) =>
        [one.code ?? one.key, shift, one.ctrl ?? false].join(' '),
      ),
    )
    expect(chords.filter((chord, at) => chords.indexOf(chord) !== at)).toEqual([])
  })

  it('are written as they are pressed', () => {
    for (const { keys, shift, ctrl, code } of KEYS) {
      if (keys === '') continue
      expect(keys.includes('Ctrl')).toBe(ctrl ?? false)
      if (code?.startsWith('Key')) expect(keys.at(-1)).toBe(code.at(-1))
      if (shift) expect(keys).toContain('Shift')
    }
  })

  it('go by their place, whatever the layout prints on it', () => {
    expect(act(press('KeyN', 'n'))).toBe('next-seed')
    expect(act(press('KeyN', 'b'))).toBe('next-seed')
    expect(act(press('KeyN', 'N', { shiftKey: true }))).toBe('last-seed')
    expect(act(press('KeyB', 'n'))).toBe('toggle')
  })

  it('find signs wherever a layout has them', () => {
    expect(act(press('Slash', '?', { shiftKey: true }))).toBe('help')
    expect(act(press('Minus', '?', { shiftKey: true }))).toBe('help')
  })

  it('with Ctrl or ⌘ are others', () => {
    expect(act(press('KeyK', 'k'))).toBe('next-event')
    expect(act(press('KeyK', 'k', { ctrlKey: true }))).toBe('palette')
    expect(act(press('KeyK', 'k', { metaKey: true }))).toBe('palette')
    expect(act(press('KeyZ', 'z', { ctrlKey: true }))).toBe('undo')
    expect(act(press('KeyZ', 'Z', { ctrlKey: true, shiftKey: true }))).toBe('redo')
    expect(act(press('KeyN', 'n', { altKey: true }))).toBeUndefined()
    expect(act(press('KeyN', 'n', { ctrlKey: true }))).toBeUndefined()
  })

  it('of a single character can be switched off; the others stay', () => {
    expect(act(press('KeyN', 'n'), false)).toBeUndefined()
    expect(act(press('Comma', ','), false)).toBeUndefined()
    expect(act(press('Minus', '?', { shiftKey: true }), false)).toBeUndefined()
    expect(act(press('Space', ' '), false)).toBe('play')
    expect(act(press('ArrowLeft', 'ArrowLeft'), false)).toBe('back')
    expect(act(press('KeyK', 'k', { ctrlKey: true }), false)).toBe('palette')
  })
})

describe('finding by a few letters', () => {
  const all = ['Next seed', 'Seed before', 'Play or pause', 'Share this moment', 'Keys and help']
  const find = (asked: string): string[] => fuzzy(all, asked, (one) => one)

  it('keeps everything in its order when nothing is asked', () => {
    expect(find(' ')).toEqual(all)
  })

  it('puts words that begin so first, and nothing else beside them', () => {
    expect(find('seed')).toEqual(['Seed before', 'Next seed'])
    expect(find('se')[0]).toBe('Seed before')
  })

  it('finds letters in their order', () => {
    expect(find('stm')).toEqual(['Share this moment'])
    expect(find('ply')).toEqual(['Play or pause'])
    expect(find('xq')).toEqual([])
  })

  it('takes no letters that are scattered over many words', () => {
    expect(fitOf('to the next event, wherever it may be', 'theme')).toBeUndefined()
    expect(fitOf('circuits of services in a view', 'csv')).toBeUndefined()
    expect(find('pp')).toEqual([])
  })

  it('finds several words wherever they stand', () => {
    expect(find('help keys')).toEqual(['Keys and help'])
    expect(find('help seed')).toEqual([])
  })

  it('likes beginnings of words better than their middles', () => {
    expect(fitOf('share this moment', 'stm')!).toBeGreaterThan(fitOf('costume', 'stm')!)
  })
})
