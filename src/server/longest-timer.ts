/** In milliseconds. Node takes a longer time for none. */
export const longestTimer = 2 ** 31 - 1;
