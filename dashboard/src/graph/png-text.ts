// A text chunk in a PNG file (W3C PNG, 11.3.4.3 tEXt), put in right after its header.
const headerEnd = 8 + 25 // signature, IHDR

/** `keyword` and `text` are Latin-1. Throws RangeError where the bytes are no PNG. */
export function withText(png: Uint8Array, keyword: string, text: string): Uint8Array<ArrayBuffer> {
  if (png.length < headerEnd || png[0] !== 0x89 || png[1] !== 0x50) throw new RangeError('the bytes are no PNG')
  const said = Uint8Array.from(`tEXt${keyword}\0${text}`, (letter) => letter.charCodeAt(0))
  const chunk = new Uint8Array(said.length + 8)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, said.length - 4)
  chunk.set(said, 4)
  view.setUint32(said.length + 4, crc32(said))
  const whole = new Uint8Array(png.length + chunk.length)
  whole.set(png.subarray(0, headerEnd))
  whole.set(chunk, headerEnd)
  whole.set(png.subarray(headerEnd), headerEnd + chunk.length)
  return whole
}

/** CRC-32 as PNG and ISO 3309 have it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0xedb88320)
  }
  return (crc ^ 0xffffffff) >>> 0
}
