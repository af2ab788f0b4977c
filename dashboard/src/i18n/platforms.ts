// What people call a platform; one that is not listed is called by its id.
import type { Language } from './language.ts'

const names: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  weibo: ['微博', 'Weibo'], wechat: ['微信', 'WeChat'], weixin: ['微信', 'WeChat'], douyin: ['抖音', 'Douyin'], kuaishou: ['快手', 'Kuaishou'],
  xiaohongshu: ['小红书', 'RedNote'], zhihu: ['知乎', 'Zhihu'], bilibili: ['B站', 'Bilibili'], toutiao: ['头条', 'Toutiao'], tieba: ['贴吧', 'Tieba'],
  douban: ['豆瓣', 'Douban'], news: ['新闻', 'News'], forum: ['论坛', 'Forums'], blog: ['博客', 'Blogs'], hotline: ['热线', 'Hotline'],
  twitter: ['推特', 'Twitter'], x: ['X', 'X'], facebook: ['脸书', 'Facebook'], reddit: ['Reddit', 'Reddit'], youtube: ['油管', 'YouTube'],
}

export const platformName = (platform: string, lang: Language): string => names[platform]?.[lang === 'zh' ? 0 : 1] ?? platform
