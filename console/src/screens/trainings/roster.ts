// What a line of a roster allows.
import type { Row, Schema } from '../../api/shapes'

export type Learner = Row<'get_union_training_sessions_session_id_roster'>
type State = Schema['models.trainings.enrolments.State']

/** On the register: can be marked. */
export const LEARNING = new Set<State>(['enrolled', 'ended'])

/** Still in or waiting: can be taken off. */
export const LEAVABLE = new Set<State>(['enrolled', 'waitlisted', 'offered'])
