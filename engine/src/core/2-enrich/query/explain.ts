// Says in words what a query matches, in English and Chinese, and which terms it searches for, as they are understood.
import type { Field, Node, Term } from './ast.ts'
import type { Token } from './tokens.ts'

export interface Explanation { readonly en: string; readonly zh: string }

/** Every term of the query once, folded: `5g网络`, `new york`, `comp*`. */
export function termsOf(node: Node): string[] {
  const terms = new Set<string>()
  const visit = (each: Node): void => {
    switch (each.kind) {
      case 'and': case 'or': for (const one of each.nodes) visit(one); break
      case 'not': visit(each.node); break
      case 'near': visit(each.left); visit(each.right); break
      case 'term': terms.add(written(each)); break
      case 'field': break
      default: each satisfies never
    }
  }
  visit(node)
  return [...terms]
}

export function explain(node: Node): Explanation {
  return { en: `Mentions that ${english(node, false)}.`, zh: `${chinese(node, false)}的提及。` }
}

/** A term as it is searched for; a gap that counts is shown as `·`, any other between words as a blank. */
function written(term: Term): string {
  const tokens = term.spellings[0]!
  const text = tokens.map((token, index) => joint(tokens[index - 1], token) + token.text).join('')
  return term.prefix ? `${text}*` : text
}

function joint(before: Token | undefined, token: Token): string {
  if (before === undefined) return ''
  if (before.word && token.word) return ' '
  return (before.word || token.word ? token.gap === 2 : token.gap > 0) ? '·' : ''
}

function english(node: Node, inner: boolean): string {
  switch (node.kind) {
    case 'term': return `${node.prefix ? 'have a word that begins like' : node.spellings[0]!.length > 1 ? 'say' : 'have'} “${written(node)}”`
    case 'near': return `have “${written(node.left)}” and “${written(node.right)}” with at most ${node.distance} tokens between, in either order`
    case 'field': return `are ${englishField(node)}`
    case 'not': return `do not (${english(node.node, true)})`
    default: break
  }
  const text = allTerms(node.nodes) && node.kind === 'or' ? `say one of ${node.nodes.map((each) => `“${written(each)}”`).join(', ')}`
    : node.nodes.map((each) => english(each, true)).join(node.kind === 'and' ? ' and ' : ' or ')
  return inner && !(allTerms(node.nodes) && node.kind === 'or') ? `(${text})` : text
}

function chinese(node: Node, inner: boolean): string {
  switch (node.kind) {
    case 'term': return node.prefix ? `含以“${written({ ...node, prefix: false })}”开头的词` : `含“${written(node)}”`
    case 'near': return `“${written(node.left)}”与“${written(node.right)}”相隔不超过 ${node.distance} 个词元（不分先后）`
    case 'field': return chineseField(node)
    case 'not': return `不（${chinese(node.node, true)}）`
    default: break
  }
  const text = allTerms(node.nodes) && node.kind === 'or' ? `含${node.nodes.map((each) => `“${written(each)}”`).join('、')}之一`
    : node.nodes.map((each) => chinese(each, true)).join(node.kind === 'and' ? '，且' : '，或')
  return inner && !(allTerms(node.nodes) && node.kind === 'or') ? `（${text}）` : text
}

const allTerms = (nodes: readonly Node[]): nodes is readonly Term[] => nodes.every((node) => node.kind === 'term')

function englishField(field: Field): string {
  switch (field.name) {
    case 'verified': return field.value ? 'by a verified author' : 'by an author known to be unverified'
    case 'followers': return `by an author with followers ${field.comparison} ${field.value}`
    case 'tag': return `tagged “${field.value}”`
    default: return `of ${field.name} “${field.value}”`
  }
}

const chineseNames = { platform: '平台', lang: '语言', kind: '类型', author: '作者' } as const

function chineseField(field: Field): string {
  switch (field.name) {
    case 'verified': return field.value ? '作者已认证' : '作者明确未认证'
    case 'followers': return `作者粉丝数 ${field.comparison} ${field.value}`
    case 'tag': return `带标签“${field.value}”`
    default: return `${chineseNames[field.name]}为“${field.value}”`
  }
}
