// The one table of screens: where, what it is called, who sees it. Each area keeps its own rows.
import { computed, type Component } from 'vue'
import { may, me, serves } from '../api/person'
import type { Op } from '../api/shapes'

/** A screen; one without a menu name is reached from another. */
export interface Screen {
  path: string
  title: string
  /** Who may open it: whoever may do this operation, who serves at a station, or who has any power at all. */
  needs: Op | 'station' | 'power'
  inMenu?: boolean
  /** Shown without the frame, also to whoever is not signed in: its link is the key. */
  isOpen?: boolean
  load: () => Promise<{ default: Component }>
}

export interface Area {
  name: string
  screens: Screen[]
}

const found = import.meta.glob<{ area: Area; order: number }>('../screens/*/area.ts', { eager: true })

/** All areas in the order of the menu. */
export const AREAS: Area[] = Object.values(found)
  .sort((one, other) => one.order - other.order)
  .map((each) => each.area)

export function mayOpen({ needs }: Screen): boolean {
  if (needs === 'station') return serves.value
  return needs === 'power' ? Boolean(me.value?.powers.length) : may(needs)
}

/** What this person finds in the menu; an area without a screen for them is left out. */
export const menu = computed(() =>
  AREAS.map((area) => ({ ...area, screens: area.screens.filter((screen) => screen.inMenu && mayOpen(screen)) })).filter((area) => area.screens.length),
)
