// The words of the bench traffic: common Han characters put together by seed into fillers and watched terms, some Latin words among them.
import type { Chance } from '@groundswell/engine/src/drill/chance.ts'

export interface Vocabulary {
  readonly fillers: readonly string[]
  readonly topics: readonly (readonly string[])[] // terms of each topic; no term is in two
}

const han = '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理世车万身受联给步'
const latin = ['outage', 'refund', 'recall', 'delay', 'update', 'battery', 'signal', 'payment', 'airport', 'stadium', 'drought', 'vaccine', 'lawsuit', 'merger', 'strike', 'tariff', 'subway', 'concert', 'typhoon', 'blackout']

export function vocabularyOf(chance: Chance, shape: { readonly topics: number; readonly termsPerTopic: number }): Vocabulary {
  const characters = [...new Set(han)]
  const word = (length: number) => Array.from({ length }, () => characters[chance.below(characters.length)]!).join('')
  const used = new Set<string>()
  const distinct = (make: () => string) => {
    let made = make()
    while (used.has(made)) made = make()
    used.add(made)
    return made
  }
  const topics = Array.from({ length: shape.topics }, (_, topic) =>
    Array.from({ length: shape.termsPerTopic }, (_, term) => (term === 0 ? latin[topic % latin.length]! + (topic < latin.length ? '' : String(topic)) : distinct(() => word(3 + chance.below(3))))))
  const fillers = Array.from({ length: 3000 }, () => distinct(() => word(2)))
  return { fillers, topics }
}
