// Opens the socket and puts the screen that the address names on the page; the query of the address is read once.
import '@fontsource-variable/noto-sans-sc/index.css'
import { mount } from 'svelte'
import { pickLanguage } from './i18n/language.ts'
import { LiveConnection } from './live/connection.svelte.ts'
import './look/base.css'
import './look/tokens.css'
import Screens from './screens/Screens.svelte'

const page = new URL('.', document.baseURI)
const query = new URLSearchParams(location.search)
const lang = pickLanguage(query, navigator.languages)
const target = document.getElementById('wall')
if (target === null) throw new Error('index.html has no element with the id "wall": restore it')

document.documentElement.lang = lang
mount(Screens, { target, props: { live: new LiveConnection(page), page, firstLang: lang, query } })
