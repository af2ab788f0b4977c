// Every word of the desk's frame, in both languages: a text that one of them lacks does not compile.
import type { Role } from '@groundswell/schemas/access.ts'
import type { DeskPageName } from '../room/desk-pages.ts'
import type { Language } from './language.ts'

export interface DeskMessages {
  readonly pages: Readonly<Record<DeskPageName, string>>
  readonly pagesLabel: string
  readonly unseen: (count: string) => string // beside Alerts, for who cannot see the number's place
  readonly roles: Readonly<Record<Role, string>>
  readonly signedInAs: (name: string, role: string) => string
  readonly otherLanguage: string
  readonly held: string
  readonly keys: string
  readonly keysOf: { readonly everywhere: string; readonly here: string }
  readonly keyDoes: { readonly help: string; readonly close: string; readonly go: (page: string) => string }
  readonly close: string
  readonly readOnly: (name: string) => string
}

const zh: DeskMessages = {
  pages: { wall: '值守墙', alerts: '告警', topics: '话题', cascades: '传播', rules: '规则', replay: '回放' }, pagesLabel: '页面',
  unseen: (count) => `${count} 个话题有待确认的告警`,
  roles: { wall: '大屏', viewer: '只读', operator: '值班' }, signedInAs: (name, role) => `身份：${name}，${role}`,
  otherLanguage: 'English', held: '以下为上次结果', keys: '快捷键', keysOf: { everywhere: '所有页面', here: '本页' },
  keyDoes: { help: '显示快捷键', close: '关闭、取消', go: (page) => `前往${page}` }, close: '关闭',
  readOnly: (name) => `${name} 为只读身份：操作需要值班身份的令牌`,
}

const en: DeskMessages = {
  pages: { wall: 'Wall', alerts: 'Alerts', topics: 'Topics', cascades: 'Cascades', rules: 'Rules', replay: 'Replay' }, pagesLabel: 'Pages',
  unseen: (count) => `alerts of ${count} topics are not acknowledged`,
  roles: { wall: 'wall', viewer: 'viewer', operator: 'operator' }, signedInAs: (name, role) => `You are ${name}, ${role}`,
  otherLanguage: '中文', held: 'below is the last answer', keys: 'Keys', keysOf: { everywhere: 'On every page', here: 'On this page' },
  keyDoes: { help: 'show the keys', close: 'close, cancel', go: (page) => `go to ${page}` }, close: 'Close',
  readOnly: (name) => `${name} may only read: to act takes the token of an operator`,
}

export const deskMessages: Readonly<Record<Language, DeskMessages>> = { zh, en }
