/**
 * Every entity class of the source, by the path of its file. Vite compiles them and resolves the
 * pattern.
 */
export const modules = import.meta.glob('/src/**/*.entity.ts', { eager: true });
