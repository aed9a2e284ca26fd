/** What an end of a slice means by "to the end". */
export const END = 2 ** 31 - 1
