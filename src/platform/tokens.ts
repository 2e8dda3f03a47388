/** The validated {@link Config}. */
export const CONFIG = Symbol('config');
