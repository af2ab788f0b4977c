// Lines and fields over steps of time: every value holds for the whole width of its step, and where nothing is known nothing is drawn (W20).
export interface Step { readonly left: number; readonly right: number }

/** A line that runs level through each step and is broken where a value is null. */
export function stepLine(steps: readonly Step[], yOf: (index: number) => number | null): string {
  let line = ''
  let drawn = false
  steps.forEach(({ left, right }, index) => {
    const y = yOf(index)
    if (y !== null) line += `${drawn ? 'V' : `M${round(left)} `}${round(y)}H${round(right)}`
    drawn = y !== null
  })
  return line
}

/** The field between two such lines; broken where either is null. */
export function stepField(steps: readonly Step[], upper: (index: number) => number | null, lower: (index: number) => number | null): string {
  let field = ''
  let way = ''
  let back = ''
  const close = (): void => {
    if (way !== '') field += `${way}${back}z`
    way = ''
    back = ''
  }
  steps.forEach(({ left, right }, index) => {
    const [top, bottom] = [upper(index), lower(index)]
    if (top === null || bottom === null) return close()
    way += `${way === '' ? `M${round(left)} ` : 'V'}${round(top)}H${round(right)}`
    back = `V${round(bottom)}H${round(left)}${back}`
  })
  close()
  return field
}

/** Full-height fields over the steps for which `missing` holds; neighbours are one. */
export function missingFields(steps: readonly Step[], height: number, missing: (index: number) => boolean): string {
  let fields = ''
  for (let index = 0; index < steps.length; index++) {
    if (!missing(index)) continue
    const from = steps[index]!.left
    while (index + 1 < steps.length && missing(index + 1)) index++
    fields += `M${round(from)} ${height}V0H${round(steps[index]!.right)}V${height}z`
  }
  return fields
}

export const round = (value: number): number => Math.round(value * 10) / 10
