/** Oldest first. */
export const agnoDialects = ['2.3', '2.9', '3.1'] as const;

export type AgnoDialect = (typeof agnoDialects)[number];
