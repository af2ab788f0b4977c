// What every panel of a topic's page may ask without being told.
import { createContext } from 'svelte'
import type { TopicDesk } from '../live/topic-desk.svelte.ts'

export const [topicContext, provideTopicContext] = createContext<TopicDesk>()
