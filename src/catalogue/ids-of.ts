/** The ids of a table, in the order of its rows. */
export function idsOf<Id extends string>(table: Readonly<Record<Id, unknown>>): readonly [Id, ...Id[]] {
  return Object.keys(table) as [Id, ...Id[]]
}
