/** Maximum number of bytes of rows that one simulation draws: a typed array can surely hold them. */
export const mostRowBytes = 2 ** 31;
