// What is free on the disk of a folder, as anyone may use it.
import { statfs } from 'node:fs/promises'

export interface Room { readonly free: number; readonly total: number } // bytes

export async function roomIn(folder: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}

export const freeIn = async (folder: string): Promise<number> => (await roomIn(folder)).free
