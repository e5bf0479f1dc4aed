// The shapes of every operation, read off the generated description.
import type { components, operations } from './schema'
import { TABLE } from './table'

export type Op = keyof typeof TABLE & keyof operations
export type Schema = components['schemas']

type Parameters<O extends Op> = operations[O]['parameters']
type PathOf<O extends Op> = NonNullable<Parameters<O>['path']>
type QueryOf<O extends Op> = NonNullable<Parameters<O>['query']>

type Asked<O extends Op> = operations[O] extends { requestBody: { content: infer Kinds } }
  ? Kinds extends { 'application/json': infer Body }
    ? Body
    : Blob
  : never

type Json<R> = R extends { content: { 'application/json': infer Body } } ? Body : R extends { content: unknown } ? Blob : undefined
type Good<R> = R extends { 200: infer Ok } ? Json<Ok> : R extends { 201: infer Made } ? Json<Made> : undefined

/** What an operation answers; a Blob where it is no JSON, undefined where it is nothing. */
export type Answer<O extends Op> = Good<operations[O]['responses']>

/** What an operation answers with a body it is asked with. */
export type BodyOf<O extends Op> = Asked<O>

type Part<Name extends string, T> = [T] extends [never] ? { [K in Name]?: undefined } : { [K in Name]: T }
type Maybe<T> = { query?: T }

/** What an operation must be given. */
export type Given<O extends Op> = Part<'path', PathOf<O>> & Part<'body', Asked<O>> & Maybe<QueryOf<O>>

/** A row of an operation that answers pages. */
export type Row<O extends Op> = Answer<O> extends { items: (infer T)[] } ? T : never

/** Operations that answer pages. */
export type ListOp = { [O in Op]: Answer<O> extends { items: unknown[] } ? O : never }[Op]

/** What a list is filtered by. */
export type Filters<O extends Op> = QueryOf<O>
