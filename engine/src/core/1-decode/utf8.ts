// Which bytes are UTF-8 (RFC 3629: no surrogates, no overlong forms).

/** Whether bytes from start to end are valid UTF-8. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let p = start
  while (p < end) {
    const length = sequenceLength(bytes, p)
    if (length === 0) return false
    p += length
  }
  return p === end
}

/** Length of the UTF-8 sequence at `at`, 0 where there is none. */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return 1
  const second = bytes[at + 1]!
  if (lead < 0xe0) return lead >= 0xc2 && (second & 0xc0) === 0x80 ? 2 : 0
  if ((second & 0xc0) !== 0x80 || (bytes[at + 2]! & 0xc0) !== 0x80) return 0
  if (lead < 0xf0) return (lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f) ? 0 : 3
  if ((bytes[at + 3]! & 0xc0) !== 0x80 || lead > 0xf4) return 0
  return (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f) ? 0 : 4
}
