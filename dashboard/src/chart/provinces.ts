// The 34 provincial units as equal tiles, roughly where they lie: a schematic, not a map, and without any boundary. Codes are ISO 3166-2.
export interface ProvinceTile { readonly geo: string; readonly column: number; readonly row: number; readonly zh: string; readonly short: string; readonly en: string }

export const tileColumns = 9
export const tileRows = 8

const rows: readonly (readonly (readonly [column: number, code: string, zh: string, short: string, en: string])[])[] = [
  [[8, 'HL', '黑龙江', '黑', 'Heilongjiang']],
  [[0, 'XJ', '新疆', '新', 'Xinjiang'], [5, 'NM', '内蒙古', '蒙', 'Inner Mongolia'], [7, 'LN', '辽宁', '辽', 'Liaoning'], [8, 'JL', '吉林', '吉', 'Jilin']],
  [[1, 'QH', '青海', '青', 'Qinghai'], [2, 'GS', '甘肃', '甘', 'Gansu'], [3, 'NX', '宁夏', '宁', 'Ningxia'], [4, 'SX', '山西', '晋', 'Shanxi'], [5, 'HE', '河北', '冀', 'Hebei'], [6, 'BJ', '北京', '京', 'Beijing'], [7, 'TJ', '天津', '津', 'Tianjin']],
  [[0, 'XZ', '西藏', '藏', 'Tibet'], [2, 'SC', '四川', '川', 'Sichuan'], [3, 'SN', '陕西', '陕', 'Shaanxi'], [4, 'HA', '河南', '豫', 'Henan'], [5, 'SD', '山东', '鲁', 'Shandong']],
  [[3, 'CQ', '重庆', '渝', 'Chongqing'], [4, 'HB', '湖北', '鄂', 'Hubei'], [5, 'AH', '安徽', '皖', 'Anhui'], [6, 'JS', '江苏', '苏', 'Jiangsu'], [7, 'SH', '上海', '沪', 'Shanghai']],
  [[2, 'YN', '云南', '滇', 'Yunnan'], [3, 'GZ', '贵州', '黔', 'Guizhou'], [4, 'HN', '湖南', '湘', 'Hunan'], [5, 'JX', '江西', '赣', 'Jiangxi'], [6, 'ZJ', '浙江', '浙', 'Zhejiang']],
  [[3, 'GX', '广西', '桂', 'Guangxi'], [4, 'GD', '广东', '粤', 'Guangdong'], [6, 'FJ', '福建', '闽', 'Fujian'], [7, 'TW', '台湾', '台', 'Taiwan']],
  [[3, 'HI', '海南', '琼', 'Hainan'], [4, 'MO', '澳门', '澳', 'Macao'], [5, 'HK', '香港', '港', 'Hong Kong']],
]

export const provinceTiles: readonly ProvinceTile[] = rows.flatMap((tiles, row) => tiles.map(([column, code, zh, short, en]) => ({ geo: `CN-${code}`, column, row, zh, short, en })))
const byCode = new Map(provinceTiles.map((tile) => [tile.geo, tile]))
export const provinceOf = (geo: string): ProvinceTile | null => byCode.get(geo) ?? null

export interface ProvinceCount { readonly geo: string; readonly count: number; readonly negative: number }
export interface ProvinceCounts {
  readonly tiles: readonly (ProvinceTile & { readonly count: number; readonly negative: number; readonly shade: 0 | 1 | 2 | 3 })[]
  readonly unknown: number // mentions of which no place is known
  readonly elsewhere: readonly ProvinceCount[] // known places without a tile, most first
}

/** Nothing is left out: tiles, unknown and elsewhere add up to all that was counted. Shades are thirds of the largest tile on a root scale; 0 is none at all. */
export function provinceCounts(counts: readonly ProvinceCount[]): ProvinceCounts {
  const of = new Map(counts.map((one) => [one.geo, one]))
  const top = Math.max(1, ...provinceTiles.map(({ geo }) => of.get(geo)?.count ?? 0))
  return {
    tiles: provinceTiles.map((tile) => {
      const { count = 0, negative = 0 } = of.get(tile.geo) ?? {}
      return { ...tile, count, negative, shade: count === 0 ? 0 : Math.max(1, Math.ceil(3 * Math.sqrt(count / top))) as 1 | 2 | 3 }
    }),
    unknown: of.get('')?.count ?? 0,
    elsewhere: counts.filter(({ geo }) => geo !== '' && !byCode.has(geo)),
  }
}
