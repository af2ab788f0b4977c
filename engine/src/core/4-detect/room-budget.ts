// What all alarm budgets of a room allow together.
import type { Rules } from '@groundswell/schemas/rules.ts'
import { budgetPerDay } from './surge.ts'

export interface RoomBudget { readonly topics: number; readonly perDay: number } // topics that have a baseline, and false alarms that they may bring

export function roomBudget({ topics }: Rules): RoomBudget {
  const budgets = topics.flatMap(({ baseline }) => (baseline ? [budgetPerDay(baseline.alarmBudget) ?? 0] : []))
  return { topics: budgets.length, perDay: budgets.reduce((sum, budget) => sum + budget, 0) }
}
