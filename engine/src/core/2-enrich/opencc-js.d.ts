// The character dictionaries of opencc-js: `traditional simplified…` entries joined by `|`.
declare module 'opencc-js/dict/TSCharacters' {
  const entries: string
  export default entries
}
