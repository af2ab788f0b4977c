// The rules editor against an engine that answers when a test lets it: what was kept and what is typed meanwhile is lost by nothing, and lands on its own topic.
import type { RulesText } from '@groundswell/schemas/rules-desk.ts'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { RulesApi, RulesAnswer, RulesChecked, TopicChange } from '../live/rules-api.ts'
import { DraftKeeper, type KeptDraft } from './kept-draft.ts'
import type { RulesEditor } from './rules-editor.svelte.ts'

interface Topic { readonly id: string; readonly query: string }
interface Asked { readonly text: string; readonly change: TopicChange | null; readonly signal: AbortSignal | undefined; readonly answer: (refused?: 'busy' | 'token') => void }

const topics = (...ids: string[]): Topic[] => ids.map((id) => ({ id, query: id }))
const written = (all: readonly unknown[]): string => JSON.stringify(all)

/** Answers each check when it is told to. */
class Engine {
  readonly asked: Asked[] = []
  readonly api = { inForce: async () => ({ ok: true, value: this.rules }), check: (text: string, change: TopicChange | null, signal?: AbortSignal) => this.#check(text, change, signal) } as unknown as RulesApi
  rules: RulesText = { text: written(topics('a', 'b', 'c')), seq: 7, by: null, at: 0, file: null }

  #check(text: string, change: TopicChange | null, signal: AbortSignal | undefined): Promise<RulesAnswer<RulesChecked>> {
    return new Promise((resolve) => {
      const answer = (refused?: 'busy' | 'token'): void => {
        if (refused !== undefined) return resolve({ ok: false, why: refused, detail: refused, body: {} })
        const all = JSON.parse(text) as unknown[]
        if (change !== null) all.splice(change.at ?? all.length, change.at === null ? 0 : 1, ...(change.topic === null ? [] : [change.topic]))
        resolve({ ok: true, value: { text: written(all), topics: all, problems: [], notes: [] } })
      }
      this.asked.push({ text, change, signal, answer })
    })
  }
}

const held = new Map<string, string>()
const storage = { getItem: (key: string) => held.get(key) ?? null, removeItem: (key: string) => void held.delete(key), setItem: (key: string, value: string) => void held.set(key, value), key: (at: number) => [...held.keys()][at] ?? null, get length() { return held.size } } as unknown as Storage
const keeper = (): DraftKeeper => new DraftKeeper(storage, 'tab')
const kept = (): KeptDraft | null => keeper().find(Date.now())

describe('the rules editor', () => {
  let engine = new Engine()
  let Editor: typeof RulesEditor
  beforeEach(async () => {
    vi.useFakeTimers()
    vi.stubGlobal('$state', Object.assign(<T>(value: T): T => value, { raw: <T>(value: T): T => value })) // nobody looks on
    ;({ RulesEditor: Editor } = await import('./rules-editor.svelte.ts'))
    held.clear()
    engine = new Engine()
    return () => { vi.useRealTimers(); vi.unstubAllGlobals() }
  })

  test('what the form changed comes into the text before that is written by hand', async () => {
    const editor = await opened()
    editor.setTopic(0, { id: 'a', query: 'by form' })
    expect(editor.formComesIn).toBe(true)
    const settled = editor.settled() // as the text gets the focus
    await answersAll()
    await settled
    expect([editor.formComesIn, editor.text.includes('by form')]).toEqual([false, true])
    editor.setText(`${editor.text} `)
    expect(editor.formComesIn).toBe(false)
  })

  test('what the form changed comes first even where the engine has no answer to it: nothing typed by hand takes its place', async () => {
    const editor = await opened()
    editor.setTopic(0, { id: 'a', query: 'by form' })
    await passes()
    engine.asked.shift()?.answer('busy')
    await vi.advanceTimersByTimeAsync(0)
    expect([editor.formComesIn, editor.formWaits, editor.text.includes('by form')]).toEqual([true, true, false])
    await answersAll() // it is asked again
    expect([editor.formComesIn, editor.formWaits, editor.text.includes('by form')]).toEqual([false, false, true])
    editor.close()
  })

  const passes = (): Promise<unknown> => vi.advanceTimersByTimeAsync(400)
  /** Until nothing more is asked; answers what the text was with the last. */
  async function answersAll(): Promise<void> {
    for (let round = 0; round < 20; round++) {
      await passes()
      for (const { answer } of engine.asked.splice(0)) answer()
    }
  }
  async function opened(): Promise<RulesEditor> {
    const editor = new Editor(engine.api, keeper())
    await answersAll()
    return editor
  }

  test('that is reloaded while it restores what was kept loses nothing of it, whenever that is', async () => {
    const changes = [{ at: 2, topic: { id: 'c', query: 'typed' } }, { at: null, topic: { id: 'd', query: 'd' } }, { at: 0, topic: null }]
    for (let answered = 0; answered < 8; answered++) {
      held.clear()
      keeper().keep({ base: 7, text: written(topics('a', 'b', 'c', 'by hand')), changes, at: 5 }, false)
      const first = new Editor(engine.api, keeper())
      for (let nth = 0; nth < answered; nth++) {
        await passes()
        engine.asked.shift()?.answer()
      }
      first.close()
      engine.asked.splice(0)
      const again = await opened()
      expect(again.topics, `after ${answered} answers`).toEqual([{ id: 'b', query: 'b' }, { id: 'c', query: 'typed' }, ...topics('by hand', 'd')])
      expect(again.text).toBe(written(again.topics))
      again.close()
    }
  })

  test('what was kept is shown in the form also where the engine was busy at first', async () => {
    keeper().keep({ base: 7, text: engine.rules.text, changes: [{ at: 1, topic: { id: 'b', query: 'typed' } }], at: 5 }, false)
    const editor = new Editor(engine.api, keeper())
    await passes()
    engine.asked.shift()?.answer('busy')
    await answersAll()
    expect([editor.topics[1], editor.topicsInForce[1], editor.version > 0]).toEqual([{ id: 'b', query: 'typed' }, { id: 'b', query: 'b' }, true])
    editor.close()
  })

  test('what is typed before the first check is answered stays, over what was kept', async () => {
    keeper().keep({ base: 7, text: written(topics('kept')), changes: [], at: 5 }, false)
    const editor = new Editor(engine.api, keeper())
    await vi.advanceTimersByTimeAsync(0)
    editor.setText(written(topics('kept', 'typed')))
    await answersAll()
    expect([editor.topics, editor.found?.at, kept()?.text]).toEqual([topics('kept', 'typed'), 5, written(topics('kept', 'typed'))])
    expect(editor.topicsInForce).toEqual(topics('a', 'b', 'c'))
    editor.close()
  })

  test('a topic that is edited while another is deleted is the one that is changed', async () => {
    const editor = await opened()
    void editor.remove(0)
    await vi.advanceTimersByTimeAsync(0)
    editor.setTopic(1, { id: 'b', query: 'edited' })
    void editor.remove(2)
    await answersAll()
    expect([editor.topics, editor.text]).toEqual([[{ id: 'b', query: 'edited' }], written([{ id: 'b', query: 'edited' }])])
    editor.close()
  })

  test('a deletion that has no answer is asked again, with what was edited meanwhile', async () => {
    const editor = await opened()
    void editor.remove(0)
    await vi.advanceTimersByTimeAsync(0)
    editor.setTopic(2, { id: 'c', query: 'edited' })
    await passes()
    engine.asked.shift()?.answer('busy')
    await vi.advanceTimersByTimeAsync(0)
    expect([editor.dirty, kept()?.changes.length]).toEqual([true, 2])
    await answersAll()
    expect(editor.topics).toEqual([...topics('b'), { id: 'c', query: 'edited' }])
    editor.close()
  })

  test('what was refused for want of a token is kept', async () => {
    const editor = await opened()
    editor.setTopic(1, { id: 'b', query: 'edited' })
    await passes()
    engine.asked.shift()?.answer('token')
    await vi.advanceTimersByTimeAsync(0)
    editor.close()
    expect(kept()?.changes).toEqual([{ at: 1, topic: { id: 'b', query: 'edited' } }])
  })

  test('a page that is left asks no longer: its question would hold one of the few connections that a browser has', async () => {
    const editor = await opened()
    editor.setTopic(1, { id: 'b', query: 'edited' })
    await passes()
    const [asked] = engine.asked
    expect(asked?.signal?.aborted).toBe(false)
    editor.close()
    expect(asked?.signal?.aborted).toBe(true)
  })

  test('a topic that is added has its place when it is there', async () => {
    const editor = await opened()
    const place = editor.add({ id: 'd', query: 'd' })
    await answersAll()
    expect([await place, editor.topics.length]).toEqual([3, 4])
    editor.close()
  })

  test('nothing is added before the rules are there', async () => {
    const editor = new Editor(engine.api, keeper())
    expect([await editor.add({ id: 'd', query: 'd' }), engine.asked.filter(({ change }) => change !== null)]).toEqual([null, []])
    editor.close()
  })

  test('the own text stays kept while the rules of others are read under it', async () => {
    const editor = await opened()
    editor.setText(written(topics('mine')))
    await answersAll()
    const save = vi.fn(async () => ({ ok: false, why: 'changed', detail: '', body: { ...engine.rules, text: written(topics('theirs')), seq: 8 } }))
    Object.assign(engine.api, { save })
    await editor.save()
    void editor.rebase()
    await vi.advanceTimersByTimeAsync(0)
    expect([editor.text, kept()]).toEqual([written(topics('mine')), expect.objectContaining({ base: 8, text: written(topics('mine')) })])
    await answersAll()
    expect([editor.topics, editor.topicsInForce]).toEqual([topics('mine'), topics('theirs')])
    editor.close()
  })

  const edited = (id: string, query: string): Topic => ({ id, query })
  /** Mine: a is gone, b another, d new; saved while others put these in force. */
  async function met(theirs: readonly Topic[]): Promise<RulesEditor> {
    const editor = await opened()
    editor.setText(written([edited('b', 'mine'), ...topics('c', 'd')]))
    await answersAll()
    Object.assign(engine.api, { save: async () => ({ ok: false, why: 'changed', detail: '', body: { ...engine.rules, text: written(theirs), seq: 8 } }) })
    await editor.save()
    return editor
  }

  test('the own changes are put on top of what others saved', async () => {
    const editor = await met([...topics('new', 'a', 'b'), edited('c', 'theirs')])
    expect(editor.theirs?.mergeOf(editor)).toBeNull() // not read yet
    await answersAll()
    const merging = editor.theirs!.mergeInto(editor)
    await answersAll()
    expect(await merging).toBe(true)
    const merged = [...topics('new'), edited('b', 'mine'), edited('c', 'theirs'), ...topics('d')]
    expect([editor.topics, editor.text, editor.theirs, editor.inForce?.seq, editor.mayBeSaved]).toEqual([merged, written(merged), null, 8, true])
    expect(kept()).toEqual(expect.objectContaining({ base: 8, text: written(merged) }))
    editor.close()
  })

  test('a topic that both changed is put over nobody’s', async () => {
    const editor = await met([edited('a', 'theirs'), edited('b', 'theirs'), ...topics('c')])
    await answersAll()
    expect(editor.theirs?.mergeOf(editor)?.clashing).toEqual(['a', 'b'])
    expect([await editor.theirs?.mergeInto(editor), engine.asked, editor.topics]).toEqual([false, [], [edited('b', 'mine'), ...topics('c', 'd')]])
    editor.close()
  })

  test('changes that the engine does not take on the way leave all as it was, and can be put on theirs again', async () => {
    const editor = await met(topics('a', 'b', 'c', 'new'))
    await answersAll()
    const own = editor.text
    const merging = editor.theirs!.mergeInto(editor)
    for (const refused of [undefined, 'busy'] as const) {
      await passes()
      engine.asked.shift()?.answer(refused)
    }
    expect([await merging, editor.theirs?.failure?.why, editor.text, editor.inForce?.seq, kept()?.text]).toEqual([false, 'busy', own, 7, own])
    const again = editor.theirs!.mergeInto(editor)
    await answersAll()
    expect([await again, editor.topics]).toEqual([true, [edited('b', 'mine'), ...topics('c', 'new', 'd')]])
    editor.close()
  })
})
