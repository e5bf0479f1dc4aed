// The one table of screens: where, what it is called, who sees it. Each area keeps its own rows.
import { computed, type Component } from 'vue'
import { may, serves } from '../api/person'
import type { Op } from '../api/shapes'

/** A screen; one without a menu name is reached from another. */
export interface Screen {
  path: string
  title: string
  /** Who may open it: whoever may do this operation, or who serves at a station. */
  needs: Op | 'station'
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

export const mayOpen = (screen: Screen): boolean => (screen.needs === 'station' ? serves.value : may(screen.needs))

/** What this person finds in the menu; an area without a screen for them is left out. */
export const menu = computed(() =>
  AREAS.map((area) => ({ ...area, screens: area.screens.filter((screen) => screen.inMenu && mayOpen(screen)) })).filter((area) => area.screens.length),
)
