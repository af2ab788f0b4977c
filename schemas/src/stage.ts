// The stage of a topic's velocity, in the field's words: 潜伏 latent, 发酵 fermenting, 爆发 outbreak, 平息 subsiding.
export const stages = ['latent', 'fermenting', 'outbreak', 'subsiding'] as const
export type Stage = (typeof stages)[number]
