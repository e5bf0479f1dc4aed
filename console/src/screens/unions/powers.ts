// What somebody holds where, and what they would see with a grant more.
import { me } from '../../api/person'
import type { Schema } from '../../api/shapes'
import { isUnder, nameOf } from '../../parts/units'

type Permission = Schema['Permission']
type Power = Schema['PowerView']

/** Whether I hold a permission at a unit: nobody hands on what they lack. */
export function holds(permission: Permission, unitId: string): boolean {
  const power = me.value?.powers.find((each) => each.permission === permission)
  return power !== undefined && isUnder(unitId, power.units.map((unit) => unit.id))
}

/** What somebody sees once they are given permissions at a unit, and which of it is new. */
export function withMore(powers: Power[], given: Permission[], unitId: string): { powers: Power[]; fresh: string[] } {
  const fresh = given.filter((each) => !isUnder(unitId, powers.find((power) => power.permission === each)?.units.map((unit) => unit.id) ?? []))
  const unit = { id: unitId, name: nameOf(unitId) }
  const kept = powers.map((power) => (fresh.includes(power.permission) ? { ...power, units: [...power.units.filter((each) => !isUnder(each.id, [unitId])), unit] } : power))
  const added = fresh.filter((each) => !powers.some((power) => power.permission === each)).map((permission) => ({ permission, units: [unit] }))
  return { powers: [...added, ...kept], fresh }
}
